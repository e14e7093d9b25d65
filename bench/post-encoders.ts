// Encoders for bench/known-item.ts, learned once from posts and kept: `ae`, and `lsa` as the linear way to make codes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Encoder } from '../dist/encoders/encoder.js';
import { loadEncoder } from '../dist/encoders/load-encoder.js';
import { type WordEncoder, wordEncoderFiles } from '../dist/encoders/word-encoder-files.js';
import { countMatrix } from '../dist/text/term-counts.js';
import type { TextFeature } from '../dist/text/text-feature.js';
import { chooseVocabulary, documentFrequencies } from '../dist/text/vocabulary.js';
import { fitLsa } from '../dist/training/recipes/lsa.js';
import { type TextQuality, trainText } from '../dist/training/recipes/text.js';
import { cached } from './data.ts';
import { asBags } from './text-bags.ts';

export interface PostEncoders {
  readonly ae: Encoder;
  readonly lsa: Encoder;
}

/** @param name of what was learned from, so that it is found again; `--fresh` learns anew */
export async function postEncoders(
  name: string,
  features: () => readonly TextFeature[],
  settings: { readonly seed: number; readonly quality: TextQuality },
): Promise<PostEncoders> {
  const folder = await cached(`known-item-${name}-${settings.quality}-${settings.seed}`, async (into) => {
    const learned = features();
    const vocabulary = chooseVocabulary(documentFrequencies(learned), learned.length);
    const bags = asBags(
      countMatrix(
        learned.map((feature) => vocabulary.toCounts(feature)),
        vocabulary.size,
      ),
    );
    const write = (name: string, encoder: WordEncoder) => {
      for (const [part, bytes] of Object.entries(wordEncoderFiles(encoder, vocabulary, bags.rows)))
        writeFileSync(join(into, `${name} ${part}`), bytes as Uint8Array);
    };
    const { lsa } = await fitLsa(bags);
    write('lsa', lsa);
    const started = performance.now();
    const ae = await trainText(
      bags,
      { ...settings, device: 'cpu' },
      {
        onProgress: ({ step, steps, loss }) => process.stderr.write(`\r${step} of ${steps}, loss ${loss.toFixed(3)} `),
      },
    );
    console.log(`ae learned from ${bags.rows} posts in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    write('ae', ae);
  });
  const load = (file: string) => {
    const parts = readdirSync(folder).filter((part) => part.startsWith(`${file} `));
    const files = Object.fromEntries(
      parts.map((part) => [part.slice(file.length + 1), new Uint8Array(readFileSync(join(folder, part)))]),
    );
    return loadEncoder(files, { device: 'cpu', where: folder });
  };
  return { ae: await load('ae'), lsa: await load('lsa') };
}
