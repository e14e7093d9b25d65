// Words that say nothing about what a text is about.
import english from 'natural/lib/natural/util/stopwords.js';

/** What tokenizing leaves over of English contractions (we'll, they've, you're) and of addresses. */
const LEFTOVERS = ['ll', 've', 're', 'www'];

/** natural's English stop words (single letters and digits among them), lower case. */
export const STOP_WORDS: ReadonlySet<string> = new Set([...english.words, ...LEFTOVERS]);
