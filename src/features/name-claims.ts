// What the last part of a file's name says about its content: a claim, which the content may refute.
import { extname } from 'node:path';
import { packedFormatOf } from '../text/document-format.ts';

const TEXT = extensions(
  'txt text md markdown mdx rst adoc asciidoc org tex log html htm xhtml xml json jsonl ndjson csv tsv yaml yml toml ini ' +
    'fb2 srt vtt eml mbox ipynb ' +
    'c h cc cpp hpp cs java js mjs cjs jsx tsx py rb php go rs swift kt scala sh bash ps1 sql css scss r lua pl',
);
const PICTURE = extensions(
  'jpg jpeg jpe jfif mpo png apng gif webp tif tiff avif svg svgz heic heif hif jp2 j2k jpx jxl bmp dib tga ppm pgm pbm pnm pam ' +
    'psd psb ico cur qoi hdr arw cr2 cr3 dng nef nrw orf pef raf rw2 srw',
);

export type Claim = 'text' | 'document' | 'image' | 'other';

/**
 * The claim of a path or file name: `document` for formats that are no plain characters (PDF, Word, EPUB, …). Extensions that
 * also stand for other things (`.ts`, `.dat`) claim nothing.
 */
export function claimOf(path: string): Claim {
  const extension = extensionOf(path);
  if (TEXT.has(extension)) return 'text';
  if (packedFormatOf(extension) !== undefined) return 'document';
  return PICTURE.has(extension) ? 'image' : 'other';
}

/** The extension in lower case without its dot; '' when there is none. */
export function extensionOf(path: string): string {
  return extname(path).slice(1).toLowerCase();
}

function extensions(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
