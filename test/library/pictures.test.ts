// Encoders of pictures in an index, which see thumbnails that are kept only until an encoder has seen them.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EncoderFiles } from '../../src/encoders/manifest.ts';
import { Catalog } from '../../src/index/catalog.ts';
import { storeEncoder } from '../../src/index/encoder-files.ts';
import { indexLayout } from '../../src/index/layout.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { imageEncoderFiles } from '../encoders/small-encoders.ts';
import { drawn } from '../methods/features.ts';
import { add, cleanUp, indexed, opened, picture, pictures, rejectionOf, temporaryFolder, write } from './collection.ts';

const some: EncoderFiles[] = [];

beforeAll(async () => {
  const seen = await Promise.all(Array.from({ length: 20 }, (_, i) => drawn(i)));
  some.push(await imageEncoderFiles(seen), await imageEncoderFiles(seen.toReversed()));
});
afterEach(cleanUp);

function inCatalog<T>(index: Sandglass, work: (catalog: Catalog) => T): T {
  const catalog = Catalog.open(indexLayout(index.directory));
  try {
    return work(catalog);
  } finally {
    catalog.close();
  }
}

/** Leaves an encoder as a run does that dies right after training. */
async function trained(index: Sandglass, files: EncoderFiles): Promise<string> {
  const fingerprint = await storeEncoder(indexLayout(index.directory), files);
  inCatalog(index, (catalog) =>
    catalog.encoders.add({ method: 'ae', kind: 'image', fingerprint, form: 'float32', dimensions: 16 }),
  );
  return fingerprint;
}

const answering = (index: Sandglass) =>
  inCatalog(index, (catalog) => catalog.encoders.active('ae', 'image')?.fingerprint);

describe('An encoder of pictures', () => {
  it('gets its codes from thumbnails, which are dropped once it answers', async () => {
    const folder = await pictures(12);
    const index = await indexed(folder);
    expect(inCatalog(index, (catalog) => catalog.thumbnails.count())).toBe(12);
    expect((await rejectionOf(index.query({ file: join(folder, '1.png') }, { method: 'ae' }))).code).toBe(
      'METHOD_UNAVAILABLE',
    );
    const fingerprint = await trained(index, some[0]!);
    const summary = await add(index);
    expect(summary.defaults.image?.sentence).toContain('phash answers by default');
    expect(answering(index)).toBe(fingerprint);
    expect(inCatalog(index, (catalog) => catalog.thumbnails.count())).toBe(0);
    const { hits } = await index.query({ file: join(folder, '1.png') }, { method: 'ae', k: 20, explain: true });
    expect(hits).toHaveLength(12);
    expect(hits[0]).toMatchObject({
      score: expect.closeTo(1),
      explanation: { measure: expect.stringContaining('codes') },
    });
    const bits = await index.query({ file: join(folder, '1.png') }, { method: 'ae-bits', k: 1, explain: true });
    expect(bits.hits[0]).toMatchObject({
      path: join(folder, '1.png'),
      explanation: { measure: expect.stringContaining('signs') },
    });
  });

  it('gives way to the next one, for which pictures are read again that came meanwhile', async () => {
    const folder = await pictures(6);
    const index = await indexed(folder);
    await trained(index, some[0]!);
    await add(index);
    write(folder, 'late.png', await picture(40));
    expect(await add(index)).toMatchObject({ added: 1 });
    const next = await trained(index, some[1]!);
    await add(index);
    expect(answering(index)).toBe(next);
    const { hits } = await index.query({ file: join(folder, 'late.png') }, { method: 'ae', k: 20 });
    expect(hits).toHaveLength(7);
    expect(hits.some(({ path, score }) => path.endsWith('late.png') && score > 0.999)).toBe(true);
  });

  it('waits while a picture cannot be read; the former answers until it can', async () => {
    const folder = await pictures(6);
    const index = await opened(temporaryFolder(), { create: true });
    await add(index, folder);
    const former = await trained(index, some[0]!);
    await add(index);
    renameSync(folder, `${folder}-away`);
    const next = await trained(index, some[1]!);
    const { notices } = await add(index);
    expect(notices.join()).toContain('6 pictures cannot be read now');
    expect(answering(index)).toBe(former);
    const asked = { file: write(temporaryFolder(), 'q.png', await picture(3)) };
    expect((await index.query(asked, { method: 'ae' })).hits[0]).toMatchObject({ offline: true });

    renameSync(`${folder}-away`, folder);
    await add(index);
    expect(answering(index)).toBe(next);
    expect((await index.query(asked, { method: 'ae' })).hits).toHaveLength(6);
  });
});
