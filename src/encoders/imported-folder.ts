// What importing an encoder gives, whichever sort it is.
import type { EncoderFiles, EncoderManifest } from './manifest.ts';

export interface ImportedFolder {
  readonly manifest: EncoderManifest;
  /** The manifest among them; large ones are where they were. */
  readonly files: EncoderFiles;
  /** What was taken because nobody said anything else; sentences. */
  readonly said: readonly string[];
}
