// An index that has everything an index can have, and what keeps, copies and cleans it.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type IndexLayout, indexLayout } from '../../src/index/layout.ts';
import { importIndex, type Sandglass, verify } from '../../src/sandglass.ts';
import { add, cleanUp, copyOf, opened, temporaryFolder } from './collection.ts';
import { day, everything, inCatalog } from './everything.ts';

const before = process.env.SANDGLASS_MODELS;
let made: string;

beforeAll(async () => {
  process.env.SANDGLASS_MODELS = fileURLToPath(new URL('../../models', import.meta.url));
  made = await everything();
}, 120_000);

afterAll(async () => {
  process.env.SANDGLASS_MODELS = before;
  await cleanUp();
});

async function copied(): Promise<{ folder: string; index: Sandglass; layout: IndexLayout }> {
  const folder = copyOf(made);
  const index = await opened(folder);
  return { folder, index, layout: indexLayout(index.directory) };
}

/** How many rows each table has. */
function rows(layout: IndexLayout): Record<string, number> {
  return inCatalog(layout, ({ database }) =>
    Object.fromEntries(
      database
        .prepareRaw<readonly [string]>(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .all()
        .map(([table]) => [table, database.prepareRaw<readonly [number]>(`SELECT count(*) FROM ${table}`).get()![0]]),
    ),
  );
}

const whole = { clean: true, problems: [], notes: [] };

async function answers(index: Sandglass, folder: string): Promise<unknown> {
  const all: unknown[] = [];
  for (const method of ['ae', 'lsa', 'tfidf', 'minhash'])
    all.push((await index.query({ file: join(folder, 'sea/long.txt') }, { method, k: 6 })).hits);
  for (const method of ['ae', 'eyes', 'phash', 'pdq'])
    all.push((await index.query({ file: join(folder, 'pictures/moving.gif') }, { method, k: 6 })).hits);
  return all;
}

describe('An index that has everything', () => {
  it('has it indeed, and is whole', async () => {
    const { layout } = await copied();
    expect(await verify(layout.directory, { deep: true })).toMatchObject(whole);
    for (const [table, count] of Object.entries(rows(layout))) {
      // An encoder has seen every picture.
      if (/thumbnail$/.test(table)) continue;
      expect([table, count]).toEqual([table, expect.any(Number)]);
      expect([table, count > 0]).toEqual([table, true]);
    }
    expect(readdirSync(layout.directory)).toEqual(
      expect.arrayContaining(['catalog.sqlite', 'checks.jsonl', 'codes', 'config.json', 'encoders', 'hnsw', 'runs']),
    );
    for (const folder of [layout.codes, layout.encoders, layout.hnsw, layout.runs])
      expect(readdirSync(folder).length).toBeGreaterThan(0);
  });

  it('is in its backup, but for what is made again', async () => {
    const { folder, index, layout } = await copied();
    const copy = indexLayout(join(temporaryFolder(), 'copy'));
    expect(await index.backup(copy.directory)).toMatchObject({ notes: [] });
    expect(await verify(copy.directory, { deep: true })).toMatchObject(whole);
    expect(rows(copy)).toEqual(rows(layout));
    for (const file of ['config.json', `runs/${readdirSync(layout.runs)[0]}`])
      expect(readFileSync(join(copy.directory, file))).toEqual(readFileSync(join(layout.directory, file)));
    const other = await opened(copy.directory);
    expect(await answers(other, folder)).toEqual(await answers(index, folder));
    expect(await add(other)).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect((await other.appliedPlans()).length).toBe(1);
    expect((await other.duplicateDecisions()).length).toBe(1);
  });

  it('is in its export, but for failures and journals, which belong to files of this place', async () => {
    const { folder, index, layout } = await copied();
    const out = join(temporaryFolder(), 'export');
    expect(await index.export(out)).toMatchObject({ notes: [] });
    const copy = indexLayout(join(temporaryFolder(), 'imported'));
    await importIndex(out, copy.directory);
    expect(await verify(copy.directory, { deep: true })).toMatchObject(whole);
    expect(rows(copy)).toEqual({ ...rows(layout), failure: 0, encoder: expect.any(Number) });
    const other = await opened(copy.directory);
    expect(await answers(other, folder)).toEqual(await answers(index, folder));
    expect(await add(other)).toMatchObject({ added: 0, changed: 0, removed: 0 });
    expect((await other.duplicateDecisions()).length).toBe(1);
  });

  it('forgets of a picture its frames, and what was seen of it beside others', async () => {
    const { folder, index, layout } = await copied();
    const digitsOf = (name: string) =>
      inCatalog(layout, ({ items, roots }) => items.find(roots.list()[0]!.id, name)!.hash.slice(0, 32));
    const gone = ['pictures/moving.gif', 'pictures/copy-0.jpg'];
    const [moving, copy] = [digitsOf(gone[0]!), digitsOf(gone[1]!)];
    const stays = digitsOf('pictures/copy-1.jpg');
    expect(readFileSync(layout.checks, 'utf8')).toContain(copy);
    await index.forget(gone.map((path) => join(folder, path)));
    const { frame, frame_code } = rows(layout);
    expect({ frame, frame_code }).toEqual({ frame: 0, frame_code: 0 });
    const checks = readFileSync(layout.checks, 'utf8');
    expect(checks).not.toContain(moving);
    expect(checks).not.toContain(copy);
    expect(checks).toContain(stays);
    expect(await verify(layout.directory, { deep: true })).toMatchObject({ clean: true });
    await index.duplicates();
  });

  it('keeps nothing of pictures that were removed once garbage is collected', async () => {
    const { folder, index, layout } = await copied();
    const before = readFileSync(layout.checks, 'utf8').split('\n').length;
    for (let i = 0; i < 3; i++) rmSync(join(folder, `pictures/copy-${i}.jpg`));
    await add(index);
    writeFileSync(join(layout.directory, 'watcher.json.new'), '{');
    writeFileSync(`${layout.checks}.1-00000000.unfinished`, '{');
    writeFileSync(join(layout.hnsw, `${'0'.repeat(64)}.hnsw.1-00000000.unfinished`), '');
    writeFileSync(join(layout.codes, 'x.codes'), '');
    expect((await verify(layout.directory)).notes).toMatchObject([{ code: 'LEFT_OVER' }]);
    const { removed } = await index.collectGarbage();
    expect(removed).toMatchObject({ unfinished: 2 });
    expect(removed.checks).toBeGreaterThan(0);
    expect(readFileSync(layout.checks, 'utf8').split('\n').length).toBe(before - removed.checks);
    expect(await verify(layout.directory)).toMatchObject(whole);
  });

  it('of which codes of pictures and frames are others is noticed by a deep look, and repaired', async () => {
    const { layout } = await copied();
    inCatalog(layout, ({ database, encoders }) => {
      const ids = ['ae', 'eyes', 'phash', 'colour'].map((method) => encoders.active(method, 'image')!.id);
      for (const [table, key] of [
        ['code', 'item_id'],
        ['frame_code', 'frame_id'],
      ])
        for (const id of ids)
          database
            .prepare(
              `UPDATE ${table} SET code = (SELECT code FROM code AS other WHERE other.encoder_id = ${id} AND other.item_id =
                 (SELECT id FROM item WHERE path = 'pictures/7.png')) WHERE encoder_id = ${id} AND ${key} =
                 (SELECT min(${key}) FROM ${table} WHERE encoder_id = ${id})`,
            )
            .run();
    });
    expect((await verify(layout.directory)).clean).toBe(true);
    const { problems } = await verify(layout.directory, { deep: true });
    expect(problems.map(({ code, count }) => [code, count])).toEqual(Array(8).fill(['CODE_WRONG', 1]));
    expect(await verify(layout.directory, { deep: true, repair: true })).toMatchObject({ clean: true });
  });

  it('of which a thumbnail of a frame is damaged is repaired', async () => {
    const { layout } = await copied();
    inCatalog(layout, ({ database }) =>
      database.prepare("INSERT OR REPLACE INTO frame_thumbnail SELECT id, x'00' FROM frame LIMIT 1").run(),
    );
    const { problems } = await verify(layout.directory);
    expect(problems).toMatchObject([{ code: 'THUMBNAIL_DAMAGED', count: 1 }]);
    expect(problems[0]!.examples[0]).toMatch(/moving\.gif$/);
    expect(await verify(layout.directory, { repair: true })).toMatchObject({ clean: true });
  });
});

describe('A question through a filter', () => {
  const PATTERNS: readonly (readonly [glob: string, passes: RegExp])[] = [
    ['sea/*', /^sea\//],
    ['!sea/**', /^(?!sea\/)/],
    ['*[02468].*', /[02468]\.\w+$/],
    ['!*1*', /^([^1]*\/)?[^1/]*$/],
    ['*.{jpg,gif}', /\.(jpg|gif)$/],
    ['nowhere/*', /^nowhere\//],
  ];
  const filters = fc.record(
    {
      pattern: fc.constantFrom(...PATTERNS),
      minSize: fc.constantFrom(0, 200, 1_000, 1e9),
      maxSize: fc.constantFrom(180, 400, 5_000),
      since: fc.nat(22).map(day),
      before: fc.nat(22).map(day),
    },
    { requiredKeys: [] },
  );

  const cases = [
    // Those that compare no two files alone, so that `similarity` does not tell of them.
    ['text', 'sea/3.txt', 'sea/5.txt', ['hybrid', 'cascade']],
    ['image', 'pictures/3.png', 'pictures/moving.gif', ['ae-bits-wide', 'ae-turned']],
  ] as const;
  it.each(cases)(
    'of %s has the best hits that pass it, k where there are k, by every method',
    async (...of) => {
      const [, one, other, more] = of;
      const { folder, index } = await copied();
      const file = (path: string) => ({ file: join(folder, path) });
      const { scores } = await index.similarity(file(one), file(other));
      const methods = [...new Set([...scores.map(({ method }) => method), ...more])];
      expect(methods.length).toBeGreaterThan(9);
      for (const method of methods) {
        const ask = async (options: object) =>
          (await index.query(file(one), { method, ...options })).hits.map(({ path }) => path);
        const all = await ask({ k: 1_000, exact: true });
        const found = all.map((path) => ({ path, ...statSync(path) }));
        const property = fc.asyncProperty(filters, fc.integer({ min: 1, max: 80 }), async (given, k) => {
          const { pattern: [glob, passes] = [undefined, /^/], ...conditions } = given;
          const {
            minSize = 0,
            maxSize = Number.POSITIVE_INFINITY,
            since = day(-1),
            before = new Date(8e15),
          } = conditions;
          const best = found
            .filter(({ path }) => passes.test(relative(folder, path).split(sep).join('/')))
            .filter(({ size, mtime }) => size >= minSize && size <= maxSize && mtime >= since && mtime < before)
            .map(({ path }) => path);
          const filter = { ...conditions, ...(glob === undefined ? {} : { glob: [glob] }) };
          expect(await ask({ filter, k, exact: true })).toEqual(best.slice(0, k));
          const approximate = await ask({ filter, k });
          expect(approximate).toHaveLength(Math.min(k, best.length));
          expect(best).toEqual(expect.arrayContaining(approximate));
        });
        await fc.assert(property, { numRuns: 12 }).catch((cause: unknown) => {
          throw new Error(`by ${method}`, { cause });
        });
      }
    },
    60_000,
  );
});
