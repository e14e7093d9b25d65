// What reading one file comes to.
import type { SandglassError } from '../errors.ts';
import type { FrameFeature } from '../image/compute-feature.ts';
import type { PictureFormat } from '../image/decode.ts';
import type { ImageFeature } from '../image/image-feature.ts';
import type { TextFormat } from '../text/text-document.ts';
import type { TextFeature } from '../text/text-feature.ts';
import type { KeptText } from './keep-text.ts';

/** An error as data, which travels between threads and into the catalog. */
export type ErrorReport = ReturnType<SandglassError['toJSON']>;

/** Of the content that was read. */
export interface ContentStamp {
  /** Lower-case hexadecimal SHA-256. */
  readonly hash: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970; 0 for bytes that were never a file. */
  readonly mtimeMs: number;
}

export interface ExtractedText extends ContentStamp {
  readonly status: 'ok';
  readonly kind: 'text';
  readonly format: TextFormat;
  /** With its language, and with its text when it was read in this thread. */
  readonly feature: TextFeature;
  /** What the document calls itself, when it does. */
  readonly title?: string;
  readonly author?: string;
  /** ISO 8601, as precise as the document says. */
  readonly date?: string;
  /** ISO 639: `en`, `zh`, …; `und` when it cannot be told. */
  readonly language: string;
  readonly pages?: number;
  /** Its first words, on one line. */
  readonly snippet: string;
  /** How many terms it has, repetitions counted. */
  readonly words: number;
  /** What an index keeps of it, where it was read to be kept. */
  readonly kept?: KeptText;
}

export interface ExtractedImage extends ContentStamp {
  readonly status: 'ok';
  readonly kind: 'image';
  readonly format: PictureFormat;
  readonly feature: ImageFeature;
  /** Of the whole picture, upright, in pixels. */
  readonly width: number;
  readonly height: number;
  /** True when the file is damaged and only a part of it could be read. */
  readonly partial: boolean;
  /** How many frames, pages or pictures the file has. */
  readonly frames: number;
  /** Those beside the first, as far as they were wanted. */
  readonly innerFrames: readonly FrameFeature[];
}

/** A file that should have had a feature and has none: worth telling the user. */
export interface ExtractFailed {
  readonly status: 'failed';
  readonly error: ErrorReport;
  /** SHA-256 of the content, when the file could be read. */
  readonly hash?: string;
}

/** A file that Sandglass has no use for: an archive, a program, an empty file; worth counting by `type`. */
export interface ExtractSkipped {
  readonly status: 'skipped';
  /** `'pdf'`, `'zip'`, `'empty'`, `'binary'`, … */
  readonly type: string;
  /** What to say when this very file was asked for. */
  readonly error: ErrorReport;
}

export type ExtractResult = ExtractedText | ExtractedImage | ExtractFailed | ExtractSkipped;
