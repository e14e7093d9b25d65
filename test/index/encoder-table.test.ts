import { afterEach, describe, expect, it } from '@jest/globals';
import { codeBytes } from '../../src/index/encoder-table.ts';
import {
  childThatSays,
  cleanUp,
  codeOf,
  compiled,
  opened,
  temporaryIndex,
  textEncoder,
  textItem,
} from './temporary-index.ts';

afterEach(cleanUp);

describe('An encoder', () => {
  it('is not made of the same fingerprint but another shape', () => {
    const catalog = opened(temporaryIndex());
    catalog.encoders.add(textEncoder('e'));
    expect(codeOf(() => catalog.encoders.add(textEncoder('e', { dimensions: 8 })))).toBe('ENCODER_MISMATCH');
    expect(codeOf(() => catalog.encoders.add(textEncoder('e', { kind: 'image' })))).toBe('ENCODER_MISMATCH');
  });

  it('does not answer while an item of its kind has no code', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const ids = catalog.items.put([textItem(root.id, 'a'), textItem(root.id, 'b')]);
    catalog.items.put([textItem(root.id, 'p', { kind: 'image' })]);
    const encoder = catalog.encoders.add(textEncoder('e'));
    catalog.codes.put(encoder.id, [ids[0]!], new Float32Array(4));
    expect(codeOf(() => catalog.encoders.activate(encoder.id))).toBe('ENCODER_UNFINISHED');
    expect(catalog.encoders.active('ae', 'text')).toBeUndefined();
    catalog.codes.put(encoder.id, [ids[1]!], new Float32Array(4));
    expect(catalog.encoders.activate(encoder.id).state).toBe('active');
  });

  it('is unknown when nobody added it', () => {
    const catalog = opened(temporaryIndex());
    expect(codeOf(() => catalog.encoders.get(3))).toBe('ENCODER_MISSING');
    expect(codeOf(() => catalog.encoders.activate(3))).toBe('ENCODER_MISSING');
    expect(catalog.encoders.find('none')).toBeUndefined();
  });

  it('takes the place of the former one whole, whose codes are then gone', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const ids = catalog.items.put([textItem(root.id, 'a'), textItem(root.id, 'b')]);
    const [old, next, image] = [
      catalog.encoders.add(textEncoder('old')),
      catalog.encoders.add(textEncoder('next', { info: { recipe: 'dense', epochs: 12 } })),
      catalog.encoders.add(textEncoder('image', { kind: 'image' })),
    ];
    catalog.encoders.activate(image.id);
    catalog.codes.put(old.id, ids, new Float32Array(8));
    catalog.encoders.activate(old.id);
    catalog.codes.put(next.id, ids, new Float32Array(8).fill(1));
    expect(catalog.encoders.active('ae', 'text')?.id).toBe(old.id);
    expect(catalog.codes.count(old.id)).toBe(2);
    catalog.encoders.activate(next.id);
    expect(catalog.encoders.active('ae', 'text')).toMatchObject({ id: next.id, info: { recipe: 'dense', epochs: 12 } });
    expect(catalog.encoders.active('ae', 'image')?.id).toBe(image.id);
    expect(catalog.encoders.get(old.id).state).toBe('retired');
    expect(catalog.codes.count(old.id)).toBe(0);
    expect(catalog.encoders.list().map((encoder) => encoder.state)).toEqual(['retired', 'active', 'active']);
  });

  it('is the same when it is added again, and fills anew after it was retired', () => {
    const catalog = opened(temporaryIndex());
    const encoder = catalog.encoders.add(textEncoder('e'));
    expect(catalog.encoders.activate(encoder.id).state).toBe('active');
    expect(catalog.encoders.add(textEncoder('e'))).toMatchObject({ id: encoder.id, state: 'active' });
    catalog.encoders.retire(encoder.id);
    expect(catalog.encoders.add(textEncoder('e'))).toMatchObject({ id: encoder.id, state: 'filling' });
    catalog.encoders.remove(encoder.id);
    expect(catalog.encoders.list()).toEqual([]);
  });

  it('raises its revision with every change of its codes, and only of its own', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/texts');
    const ids = catalog.items.put([textItem(root.id, 'a'), textItem(root.id, 'b')]);
    const encoder = catalog.encoders.add(textEncoder('e'));
    const other = catalog.encoders.add(textEncoder('other'));
    const seen = [encoder.revision];
    const changed = () => {
      seen.push(catalog.encoders.get(encoder.id).revision);
      expect(seen.at(-1)).toBeGreaterThan(seen.at(-2)!);
    };
    catalog.codes.put(encoder.id, ids, new Float32Array(8));
    changed();
    catalog.codes.put(encoder.id, [ids[0]!], new Float32Array(4));
    changed();
    catalog.items.remove([ids[0]!]);
    changed();
    catalog.items.put([textItem(root.id, 'b')]);
    changed();
    catalog.codes.put(other.id, [ids[1]!], new Float32Array(4));
    catalog.settings.set('a', 1);
    expect(catalog.encoders.get(encoder.id).revision).toBe(seen.at(-1));
  });

  it('still is the old one after a process was killed while the new one took its place', async () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const root = catalog.roots.put('/texts');
    const ids = catalog.items.put(Array.from({ length: 50 }, (_, i) => textItem(root.id, `${i}`)));
    const old = catalog.encoders.add(textEncoder('old'));
    catalog.codes.put(old.id, ids, new Float32Array(200));
    catalog.encoders.activate(old.id);
    const next = catalog.encoders.add(textEncoder('next'));
    catalog.codes.put(next.id, ids, new Float32Array(200));
    const child = await childThatSays(
      'swapped',
      `import { Catalog } from '${compiled('catalog')}';
       import { indexLayout } from '${compiled('layout')}';
       const catalog = Catalog.open(indexLayout(${JSON.stringify(layout.directory)}));
       catalog.write(() => {
         catalog.encoders.activate(${next.id});
         process.stdout.write('swapped\\n');
         for (;;) catalog.settings.set('never', 'ends');
       });`,
    );
    child.kill('SIGKILL');
    await child.end;
    expect(catalog.encoders.active('ae', 'text')?.id).toBe(old.id);
    expect(catalog.codes.count(old.id)).toBe(50);
    expect(catalog.codes.missing(next.id)).toEqual([]);
  });
});

describe('The bytes of a code', () => {
  it('follow from its form', () => {
    expect([codeBytes('float32', 32), codeBytes('bits', 64), codeBytes('bits', 9), codeBytes('bytes', 192)]).toEqual([
      128, 8, 2, 192,
    ]);
  });
});
