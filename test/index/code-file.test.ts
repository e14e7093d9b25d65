import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allocateRows,
  type CodeFileSource,
  type CodeRows,
  checkCodeFile,
  inspectCodeFile,
  readCodeFile,
  writeCodeFile,
} from '../../src/index/code-file.ts';
import { codeFile } from '../../src/index/layout.ts';
import { packSigns } from '../../src/index/sign-bits.ts';
import { mountSmallDisk, whyNoSmallDisk } from './small-disk.ts';
import {
  cleanUp,
  codeOf,
  opened,
  sha256,
  temporaryFolder,
  temporaryIndex,
  textEncoder,
  textItem,
} from './temporary-index.ts';

afterEach(cleanUp);

const onSmallDisk = whyNoSmallDisk() === undefined ? it : it.skip;

const SOURCE: CodeFileSource = {
  catalogId: '0123456789abcdef'.repeat(2),
  fingerprint: sha256('encoder'),
  revision: 7,
  form: 'bits',
  dimensions: 40,
  rowBytes: 5,
};

function someCodes(count: number): CodeRows {
  const rows = allocateRows(count, SOURCE.rowBytes);
  for (let row = 0; row < count; row++) {
    rows.keys[row] = 2 * row + 1;
    rows.ids[row] = 3 * row + 1;
    rows.ties[row] = Math.imul(row, 0x9e_37_79_b1);
  }
  rows.codes.forEach((_, i) => {
    rows.codes[i] = i * 31;
  });
  return rows;
}

function written(count: number): string {
  const file = join(temporaryFolder(), 'codes', 'some.codes');
  const rows = someCodes(count);
  writeCodeFile(file, SOURCE, count, (put) => {
    const middle = count >> 1;
    put({
      ...rows,
      keys: rows.keys.subarray(0, middle),
      ids: rows.ids.subarray(0, middle),
      ties: rows.ties.subarray(0, middle),
      codes: rows.codes.subarray(0, middle * 5),
    });
    put({
      keys: rows.keys.subarray(middle),
      ids: rows.ids.subarray(middle),
      ties: rows.ties.subarray(middle),
      codes: rows.codes.subarray(middle * 5),
    });
  });
  return file;
}

function read(file: string, source: CodeFileSource, count: number): { state: string; rows: CodeRows } {
  const rows = allocateRows(count, source.rowBytes);
  const { state } = readCodeFile(file, source, rows);
  // Unless it is a matter of the room, checking it tells the same.
  if (rows.keys.length === someCount(file, source)) expect(checkCodeFile(file, source).state).toBe(state);
  return { state, rows };
}

function someCount(file: string, source: CodeFileSource): number | undefined {
  const inspected = inspectCodeFile(file, source);
  return inspected.state === 'ready' ? inspected.rows : undefined;
}

describe('A code file', () => {
  it('is missing before it was written', () => {
    expect(inspectCodeFile(join(temporaryFolder(), 'none'), SOURCE)).toMatchObject({ state: 'missing' });
  });

  it('is not written when other rows come than were said', () => {
    const file = join(temporaryFolder(), 'some.codes');
    const rows = someCodes(3);
    for (const count of [2, 4])
      expect(() => writeCodeFile(file, SOURCE, count, (put) => put(rows))).toThrow(RangeError);
    expect(() => writeCodeFile(file, { ...SOURCE, rowBytes: 4 }, 3, (put) => put(rows))).toThrow('codes of 4 bytes');
    expect(readdirSync(join(file, '..'))).toEqual([]);
  });

  it.each([0, 1, 2, 1_001])('gives back the %i rows that were written', (count) => {
    const { state, rows } = read(written(count), SOURCE, count);
    expect(state).toBe('ready');
    expect(rows).toEqual(someCodes(count));
  });

  it('says what differs when it was made of anything else', () => {
    const file = written(9);
    const changes: Partial<CodeFileSource>[] = [
      { catalogId: 'f'.repeat(32) },
      { fingerprint: sha256('another') },
      { revision: 8 },
      { form: 'signs' },
      { dimensions: 39 },
      { rowBytes: 6 },
    ];
    for (const change of changes)
      expect(inspectCodeFile(file, { ...SOURCE, ...change })).toMatchObject({
        state: 'stale',
        reason: expect.stringContaining(Object.keys(change)[0]!),
      });
    expect(read(file, SOURCE, 8).state).toBe('stale');
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(2, 8);
    writeFileSync(file, bytes);
    expect(inspectCodeFile(file, SOURCE)).toMatchObject({
      state: 'stale',
      reason: expect.stringContaining('version 2'),
    });
  });

  it('is damaged when any bit of it is another, and when it is shorter or longer', () => {
    const file = written(50);
    const whole = readFileSync(file);
    const filled = 128 + 250;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        // What fills the codes up to a multiple of 8 says nothing.
        fc.pre(at < filled || at >= 384);
        const other = Buffer.from(whole);
        other[at]! ^= 1 << bit;
        writeFileSync(file, other);
        expect(read(file, SOURCE, 50).state).toMatch(/damaged|stale/);
      }),
    );
    for (const length of [0, 1, 127, 128, 200, whole.length - 1]) {
      writeFileSync(file, whole);
      truncateSync(file, length);
      expect(read(file, SOURCE, 50).state).toBe('damaged');
    }
    writeFileSync(file, Buffer.concat([whole, Buffer.of(0)]));
    expect(read(file, SOURCE, 50).state).toBe('damaged');
    expect(inspectCodeFile(join(file, '..'), SOURCE).state).toBe('damaged');
  });

  onSmallDisk('that does not fit on the disk leaves the former one in its place, and nothing else', () => {
    const disk = mountSmallDisk(256);
    try {
      const file = join(disk.path, 'some.codes');
      const rows = someCodes(10);
      writeCodeFile(file, SOURCE, 10, (put) => put(rows));
      const many = someCodes(300_000);
      expect(codeOf(() => writeCodeFile(file, SOURCE, 300_000, (put) => put(many)))).toBe('DISK_FULL');
      expect(readdirSync(disk.path)).toEqual(['some.codes']);
      expect(read(file, SOURCE, 10).state).toBe('ready');
    } finally {
      disk.remove();
    }
  });
});

describe('Codes of the catalog with a code file', () => {
  const ITEMS = 5_000;

  function worldOf(dimensions: number) {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const root = catalog.roots.put('/texts');
    const ids = catalog.items.put(Array.from({ length: ITEMS }, (_, i) => textItem(root.id, `${i}`)));
    const encoder = catalog.encoders.add(textEncoder('e', { dimensions }));
    const codes = Float32Array.from({ length: ITEMS * dimensions }, (_, i) => Math.sin(i * 1.7));
    catalog.codes.put(encoder.id, ids, codes);
    return { layout, catalog, ids, encoder, codes };
  }

  it('are the same, packed in every form, with it and without it', () => {
    const { layout, catalog, encoder } = worldOf(10);
    const forms = ['float32', 'signs', 'float16', 'int8'] as const;
    const rowBytes = { float32: 40, signs: 2, float16: 20, int8: 14 };
    const readAll = () =>
      forms.map((form) => {
        const record = catalog.encoders.get(encoder.id);
        const rows = allocateRows(catalog.codes.countRows(record, form), rowBytes[form]);
        catalog.codes.readInto(record, form, rows);
        return rows;
      });
    const without = readAll();
    for (const form of forms) catalog.codes.writeFile(encoder.id, form);
    expect(readdirSync(layout.codes)).toHaveLength(4);
    for (const form of forms) expect(catalog.codes.checkFile(encoder.id, form).state).toBe('ready');
    expect(readAll()).toEqual(without);
    expect(Buffer.compare(without[1]!.codes, packSigns(catalog.codes.read(encoder.id).codes as Float32Array, 10))).toBe(
      0,
    );
  });

  it('are those of the file only while nothing was changed since', () => {
    const { catalog, encoder, ids, codes } = worldOf(2);
    catalog.codes.writeFile(encoder.id, 'float32');
    catalog.codes.put(encoder.id, [ids[3]!], Float32Array.of(7, 8));
    expect(catalog.codes.checkFile(encoder.id, 'float32').state).toBe('stale');
    expect([...catalog.codes.read(encoder.id).codes.slice(6, 8)]).toEqual([7, 8]);
    catalog.codes.writeFile(encoder.id, 'float32');
    expect([...catalog.codes.read(encoder.id).codes.slice(6, 8)]).toEqual([7, 8]);
    catalog.items.remove([ids[0]!]);
    expect(catalog.codes.read(encoder.id).keys[0]).toBe(ids[1]);
    expect([...catalog.codes.read(encoder.id).codes.slice(0, 2)]).toEqual([...codes.slice(2, 4)]);
  });

  it('are read from the catalog where the file is damaged, cut off or that of another catalog', () => {
    const { layout, catalog, encoder } = worldOf(3);
    const file = codeFile(layout, encoder.fingerprint, 'code-float32');
    const expected = catalog.codes.read(encoder.id);
    const damages: (() => void)[] = [
      () => flipByte(file, 128 + 12_345),
      () => flipByte(file, statSync(file).size - 5),
      () => truncateSync(file, 1_000),
      () => copyFileSync(fileOfAnother(), file),
    ];
    for (const damage of damages) {
      catalog.codes.writeFile(encoder.id, 'float32');
      damage();
      expect(catalog.codes.checkFile(encoder.id, 'float32').state).toMatch(/damaged|stale/);
      expect(catalog.codes.read(encoder.id)).toEqual(expected);
    }
    catalog.codes.writeFile(encoder.id, 'float32');
    expect(catalog.codes.checkFile(encoder.id, 'float32').state).toBe('ready');
    expect(existsSync(file)).toBe(true);

    function fileOfAnother(): string {
      const other = worldOf(3);
      other.catalog.codes.writeFile(other.encoder.id, 'float32');
      return codeFile(other.layout, other.encoder.fingerprint, 'code-float32');
    }
  });

  it('may be of an encoder that is known by a name instead of a hash', () => {
    const { layout, catalog, ids } = worldOf(2);
    const plain = catalog.encoders.add(textEncoder('p', { method: 'plain', fingerprint: 'plain/1', form: 'bytes' }));
    const codes = Uint8Array.from({ length: 4 * ITEMS }, (_, i) => i);
    catalog.codes.put(plain.id, ids, codes);
    catalog.codes.writeFile(plain.id, 'bytes');
    expect(readdirSync(layout.codes)).toEqual([expect.stringMatching(/^[0-9a-f]{64}-code-bytes\.codes$/)]);
    expect(catalog.codes.checkFile(plain.id, 'bytes').state).toBe('ready');
    expect(Buffer.compare(catalog.codes.read(plain.id).codes as Uint8Array, codes)).toBe(0);
  });

  it('can be read while the index cannot be written', () => {
    const { layout, catalog, encoder } = worldOf(2);
    catalog.codes.writeFile(encoder.id, 'signs');
    const reader = opened(layout, true);
    expect(reader.codes.checkFile(encoder.id, 'signs')).toEqual({ state: 'ready', rows: ITEMS });
  });
});

function flipByte(file: string, at: number): void {
  const byte = readFileSync(file)[at]!;
  const openedFile = openSync(file, 'r+');
  writeSync(openedFile, Buffer.of(byte ^ 0x10), 0, 1, at);
  closeSync(openedFile);
}
