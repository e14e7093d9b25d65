// An index made before there were some of the plain codes of pictures.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PICTURE_CODES } from '../../src/image/picture-codes.ts';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { plainEncoders } from '../../src/library/plain-codes.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { add, cleanUp, indexed, opened, picture, pictures, rejectionOf, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

const OLD = ['phash', 'dhash', 'pixels'];

function inCatalog<T>(index: Sandglass, work: (catalog: Catalog) => T): T {
  const catalog = Catalog.open(indexLayout(index.directory));
  try {
    return work(catalog);
  } finally {
    catalog.close();
  }
}

/** Leaves the index as it was when there were no other codes. */
function makeOld(index: Sandglass): void {
  inCatalog(index, ({ encoders }) => {
    for (const { id, method } of encoders.list()) if (!OLD.includes(method)) encoders.remove(id);
  });
}

const codesOf = (index: Sandglass) =>
  inCatalog(index, ({ codes, encoders }) =>
    encoders.list().map(({ id, method, state }) => ({ method, state, count: codes.count(id) })),
  );

describe('An index without the newer hashes', () => {
  it('is asked by those it has, and says how to get the others', async () => {
    const folder = await pictures(3);
    const index = await indexed(folder);
    makeOld(index);
    const asked = { file: join(folder, '1.png') };
    expect((await index.query(asked, { method: 'phash' })).hits[0]).toMatchObject({ score: expect.closeTo(1) });
    const { code, message } = await rejectionOf(index.query(asked, { method: 'whash' }));
    expect(code).toBe('METHOD_UNAVAILABLE');
    expect(message).toContain('sandglass index');
    const { hits } = await index.query(asked, { method: 'phash', explain: true });
    expect(Object.keys(hits[0]!.explanation!.ranks)).toEqual(OLD);
  });

  it('gets them by the next run, which reads its pictures again and counts none as changed', async () => {
    const folder = await pictures(4);
    const index = await indexed(folder);
    const before = codesOf(index);
    makeOld(index);
    write(folder, 'late.png', await picture(40));
    expect(await add(index)).toMatchObject({ added: 1, changed: 0, unchanged: 4 });
    const after = codesOf(index);
    expect(new Set(after.map(({ method }) => method))).toEqual(new Set(before.map(({ method }) => method)));
    expect(after).toHaveLength(PICTURE_CODES.length);
    for (const code of after) expect(code).toMatchObject({ state: 'active', count: 5 });
    const { hits } = await index.query({ file: join(folder, '2.png') }, { method: 'blockhash' });
    expect(hits[0]).toMatchObject({ path: join(folder, '2.png'), score: expect.closeTo(1) });
  });

  it('waits with them while a picture cannot be read', async () => {
    const folder = await pictures(3);
    const index = await opened(temporaryFolder(), { create: true });
    await add(index, folder);
    makeOld(index);
    renameSync(folder, `${folder}-away`);
    const { notices } = await add(index);
    expect(notices.join()).toContain('3 pictures cannot be read now');
    expect(notices.join()).toContain('phash-16, ahash, whash, pdq, blockhash, colour can be asked once they can');
    const asked = { file: write(temporaryFolder(), 'q.png', await picture(1)) };
    expect((await index.query(asked, { method: 'phash' })).hits).toHaveLength(3);
    expect((await rejectionOf(index.query(asked, { method: 'ahash' }))).code).toBe('METHOD_UNAVAILABLE');

    renameSync(`${folder}-away`, folder);
    await add(index);
    expect((await index.query(asked, { method: 'ahash' })).hits).toHaveLength(3);
  });

  it('keeps an imported encoder that has the name of one of them', async () => {
    const folder = await pictures(2);
    const index = await indexed(folder);
    makeOld(index);
    inCatalog(index, (catalog) => {
      const { encoders, codes, items } = catalog;
      const imported = { method: 'colour', kind: 'image', fingerprint: 'f'.repeat(64), form: 'float32' } as const;
      const { id } = encoders.add({ ...imported, dimensions: 2, info: { imported: true } });
      const ids: number[] = [];
      items.each((item) => ids.push(item.id), 'image');
      codes.put(id, ids, new Float32Array(2 * ids.length));
      encoders.activate(id);
      const names = [...plainEncoders(catalog).keys()].map(({ name }) => name);
      expect(names).toEqual(PICTURE_CODES.map(({ name }) => name).filter((name) => name !== 'colour'));
      expect(encoders.active('colour', 'image')?.id).toBe(id);
    });
  });
});
