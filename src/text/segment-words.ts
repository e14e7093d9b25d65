// Words of scripts that are written without spaces (Chinese, Japanese, Thai, …), by the segmenter that Node carries.

/** Characters segmented at a time: the time Intl.Segmenter takes grows with the square of the text's length. */
const CHUNK = 256;

let segmenter: Intl.Segmenter | undefined;

/** Calls `visit` with the bounds of each word in `codes[start, end)`. The segmenter is loaded when the first run comes. */
export function segmentWords(
  codes: Uint16Array,
  start: number,
  end: number,
  visit: (from: number, to: number) => void,
): void {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  for (let from = start; from < end; from += CHUNK) {
    const chunk = String.fromCharCode(...codes.subarray(from, Math.min(end, from + CHUNK)));
    for (const { segment, index, isWordLike } of segmenter.segment(chunk)) {
      if (isWordLike) visit(from + index, from + index + segment.length);
    }
  }
}
