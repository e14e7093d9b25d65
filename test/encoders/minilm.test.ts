// A real model: its vectors are those of sentence-transformers, and it finds what shares no word.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readEncoderFolder } from '../../src/encoders/import-folder.ts';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { readEncoder, storeEncoder } from '../../src/index/encoder-files.ts';
import { createIndexDirectory } from '../../src/index/layout.ts';
import { minilm } from './minilm.ts';

/** Made by scripts/fixtures/minilm-vectors.py. */
const EXPECTED = JSON.parse(readFileSync(join(import.meta.dirname, 'minilm-vectors.json'), 'utf8')) as {
  text: string;
  vector: number[];
}[];

const model = await minilm();
const temporary = mkdtempSync(join(tmpdir(), 'sandglass-minilm-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const feature = (text: string) => ({ kind: 'text', terms: [], counts: new Uint16Array(), text }) as const;
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0);

const onModel = 'folder' in model ? it : it.skip;
const why = 'missing' in model ? ` (skipped: ${model.missing})` : '';

describe('all-MiniLM-L6-v2', () => {
  onModel(
    `is imported as its folder says, and gives the vectors of sentence-transformers${why}`,
    async () => {
      if (!('folder' in model)) return;
      const { manifest, files } = await readEncoderFolder(model.folder, {}, 'cpu');
      expect(manifest).toMatchObject({
        dimensions: 384,
        input: { output: 'last_hidden_state', pooling: 'mean', normalize: true, maxTokens: 256 },
      });
      const layout = createIndexDirectory(join(temporary, '.sandglass'));
      const { files: stored, directory } = await readEncoder(layout, await storeEncoder(layout, files));
      expect(stored['encoder.onnx']).toHaveProperty('path');
      const encoder = await loadEncoder(stored, { device: 'cpu', directory });
      try {
        const codes = await encoder.encode(EXPECTED.map(({ text }) => feature(text)));
        EXPECTED.forEach(({ vector }, row) => {
          const code = codes.subarray(row * 384, (row + 1) * 384);
          expect(dot(code, vector) / Math.sqrt(dot(vector, vector))).toBeGreaterThan(0.9999);
        });
        const asked = ['a vessel leaves the port', 'a ship sails from the harbour', 'a loaf comes out of the oven'];
        const [port, harbour, oven] = await Promise.all(asked.map((text) => encoder.encode([feature(text)])));
        expect(dot(port!, harbour!)).toBeGreaterThan(dot(port!, oven!) + 0.3);
      } finally {
        await encoder.release();
      }
    },
    120_000,
  );
});
