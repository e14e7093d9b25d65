// How much is read of one document.

/** Most characters of text: a reader stops soon after it has as many. */
export const MOST_TEXT = 64_000_000;
