// Files of an encoder → the encoder, whichever sort it is.
import type { Encoder, LoadOptions } from './encoder.ts';
import { openFeatureEncoder } from './feature-encoder.ts';
import { type EncoderFiles, readManifest } from './manifest.ts';

/**
 * Opens an encoder from its files.
 *
 * @throws SandglassError ENCODER_BROKEN, DEVICE_UNAVAILABLE, or ENCODER_MISMATCH when it was made for another tokenizer
 */
export async function loadEncoder(files: EncoderFiles, options: LoadOptions = {}): Promise<Encoder> {
  const manifest = readManifest(files, options.where ?? 'the index');
  if (manifest.input.feature === 'picture') {
    const { openPictureEncoder } = await import('./picture-encoder.ts');
    return openPictureEncoder(manifest, options);
  }
  if (manifest.input.feature !== 'text') return openFeatureEncoder(manifest, files, options);
  // Loaded here: only who imported an encoder needs a tokenizer of sub-words.
  const { openSentenceEncoder } = await import('./sentence-encoder.ts');
  return openSentenceEncoder(manifest, files, options);
}
