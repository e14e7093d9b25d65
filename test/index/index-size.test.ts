import { rmSync, statSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { storeEncoder } from '../../src/index/encoder-files.ts';
import { indexSize } from '../../src/index/index-size.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { cleanUp, opened, temporaryFolder, temporaryIndex } from './temporary-index.ts';

afterEach(cleanUp);

describe('The size of an index', () => {
  it('is nothing where there is none', async () => {
    expect(await indexSize(indexLayout(temporaryFolder()))).toEqual({ catalog: 0, encoders: 0, hnsw: 0, codes: 0 });
  });

  it('is told part by part, the log of unfinished work with the catalog', async () => {
    const layout = temporaryIndex();
    opened(layout);
    await storeEncoder(layout, { 'encoder.onnx': new Uint8Array(100), 'manifest.json': new Uint8Array(23) });
    rmSync(layout.hnsw, { recursive: true });
    const catalog = statSync(layout.catalog).size + statSync(`${layout.catalog}-wal`).size;
    expect(await indexSize(layout)).toEqual({ catalog, encoders: 123, hnsw: 0, codes: 0 });
  });
});
