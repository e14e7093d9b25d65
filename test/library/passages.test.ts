// Long documents: found by passage, kept with their text, made anew when the rules change.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import type { Sandglass } from '../../src/sandglass.ts';
import { TEXT_RULES } from '../../src/text/text-parts.ts';
import { add, cleanUp, documents, documentText, indexed, opened, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

const FIXTURE = new URL('../index/fixtures/catalog-1.sqlite.gz', import.meta.url);
const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname;

/** Sentences on a topic: about forty words each. */
function chapter(topic: string, sentences: number): string {
  return Array.from({ length: sentences }, (_, i) => `${documentText(topic, i)}.`).join(' ');
}

/** What `work` says of the catalog of an index, which may be written too. */
function inCatalog<Result>(directory: string, work: (catalog: Catalog) => Result): Result {
  const catalog = Catalog.open(indexLayout(directory));
  try {
    return work(catalog);
  } finally {
    catalog.close();
  }
}

/** A folder of short documents about three topics, and a long one whose middle is about chess. */
function withLongDocument(): string {
  const folder = documents(5);
  write(folder, 'long.txt', [chapter('sea', 12), chapter('chess', 6), chapter('bread', 12)].join('\n\n'));
  return folder;
}

describe('A long document', () => {
  it('is found by the passage that answers, which is shown with the shared words', async () => {
    const folder = withLongDocument();
    const index = await indexed(folder);
    for (const method of ['bow', 'tfidf', 'bm25']) {
      const { hits, items } = await index.query({ text: 'knight gambit endgame' }, { method, k: 100 });
      expect(items).toBe(16);
      expect(new Set(hits.map(({ path }) => path)).size).toBe(hits.length);
      const long = hits.find(({ path }) => path.endsWith('long.txt'))!;
      const { text, start, end, highlights } = long.passage!;
      expect(readFileSync(long.path, 'utf8').slice(start, end)).toBe(text);
      expect(text.length).toBeLessThan(2_500);
      const words = highlights.map((span) => text.slice(span.start, span.end));
      expect(new Set(words)).toEqual(new Set(['knight', 'gambit', 'endgame']));
    }
  });

  it('gives as many hits as are asked for, however many passages of it come first', async () => {
    const folder = temporaryFolder();
    write(folder, 'sea.txt', chapter('sea', 60));
    for (let i = 0; i < 5; i++) write(folder, `${i}.txt`, `${documentText('bread', i)} ship`);
    const { hits } = await (await indexed(folder)).query({ text: 'ship' }, { method: 'bow', k: 4 });
    expect(hits).toHaveLength(4);
  });

  it('is compared as a whole when methods are compared, and by itself it is the same', async () => {
    const folder = withLongDocument();
    const index = await indexed(folder);
    const { hits } = await index.query({ file: join(folder, 'long.txt') }, { method: 'tfidf', k: 1 });
    expect(hits[0]).toMatchObject({ path: join(folder, 'long.txt'), score: expect.closeTo(1, 5) });
    const { report } = await index.compare({ sample: 5 });
    expect(report.items).toBeLessThanOrEqual(16);
  });

  it('is explained with the rank of the hit by every method', async () => {
    const index = await indexed(withLongDocument());
    const { hits } = await index.query({ text: 'knight gambit' }, { method: 'tfidf', k: 3, explain: true });
    for (const { rank, explanation } of hits) {
      expect(explanation!.ranks.tfidf).toBe(rank);
      expect(Object.keys(explanation!.ranks)).toEqual(expect.arrayContaining(['bow', 'bm25']));
    }
  });

  it('has codes for its passages when an encoder is trained, new ones among them', async () => {
    const folder = documents(20);
    write(folder, 'long.txt', [chapter('sea', 12), chapter('chess', 8)].join('\n\n'));
    const index = await indexed(folder, { train: 'auto' });
    write(folder, 'new.txt', [chapter('bread', 12), chapter('chess', 9)].join('\n\n'));
    await add(index, folder, { train: 'auto' });
    inCatalog(index.directory, (catalog) => {
      const encoder = catalog.encoders.active('ae', 'text')!;
      expect(catalog.passages.count()).toBeGreaterThan(4);
      expect(catalog.passageCodes.count(encoder.id)).toBe(catalog.passages.count());
      expect(catalog.passageCodes.missing(encoder.id)).toEqual([]);
    });
    const { hits } = await index.query({ text: 'knight gambit endgame bishop' }, { method: 'ae', k: 70 });
    expect(hits).toHaveLength(62);
  }, 60_000);
});

describe('An index of version 1', () => {
  function ofVersion1(): string {
    const folder = temporaryFolder();
    const { directory, catalog } = indexLayout(join(folder, '.sandglass'));
    mkdirSync(directory);
    writeFileSync(catalog, gunzipSync(readFileSync(FIXTURE)));
    const texts = {
      sea: 'The captain sailed the ship through the storm.\n',
      bread: 'The baker kneads dough for a loaf of rye bread.\n',
    };
    for (const [name, text] of Object.entries(texts)) {
      const path = write(folder, `${name}.txt`, text);
      utimesSync(path, 1_700_000_000, 1_700_000_000);
    }
    return folder;
  }

  it('is upgraded, and its files are read again though they did not change', async () => {
    const folder = ofVersion1();
    const index = await opened(folder, { create: true });
    expect((await index.query({ text: 'captain' }, { method: 'bow' })).hits).toHaveLength(1);
    expect(await add(index)).toMatchObject({ added: 0, changed: 0, unchanged: 2, failed: 0 });
    inCatalog(index.directory, (catalog) => {
      expect(catalog.documents.text(2)).toBe('The captain sailed the ship through the storm.\n');
      expect(catalog.documents.outdated(TEXT_RULES)).toEqual([]);
      expect(catalog.shingles.read().ids).toHaveLength(2);
    });
    const generation = inCatalog(index.directory, (catalog) => catalog.items.get(1)?.indexedAt);
    await add(index);
    expect(inCatalog(index.directory, (catalog) => catalog.items.get(1)?.indexedAt)).toBe(generation);
  });

  it('keeps the words of a file that cannot be read now', async () => {
    const folder = ofVersion1();
    const index = await opened(folder, { create: true });
    writeFileSync(join(folder, 'sea.txt'), '\0\x01\x02 broken by now');
    expect(await add(index)).toMatchObject({ failed: 1, unchanged: 1 });
    expect((await index.query({ text: 'captain' }, { method: 'bow' })).hits).toHaveLength(1);
  });
});

describe('Words of other rules', () => {
  /** As if an earlier version had counted the words of every document: wrongly. */
  function made(directory: string): number {
    return inCatalog(directory, (catalog) =>
      catalog.write(() => {
        const ids = catalog.documents.outdated(-1);
        for (const id of ids) {
          catalog.terms.put(id, { terms: ['wrong'], counts: [1] });
          catalog.passages.put(id, []);
          catalog.documents.renew(id, 'en', 1);
        }
        return ids.length;
      }),
    );
  }

  function expectRight(index: Sandglass, count: number): void {
    inCatalog(index.directory, (catalog) => {
      expect(catalog.documents.outdated(TEXT_RULES)).toEqual([]);
      expect(catalog.passages.count()).toBeGreaterThan(2);
      const wrong = catalog.terms.ids(['wrong']).get('wrong')!;
      const matrix = catalog.terms.read();
      expect(matrix.ids).toHaveLength(count);
      expect(matrix.termIds.includes(wrong)).toBe(false);
    });
  }

  it('are counted anew from the stored texts, and no file is read', async () => {
    const folder = withLongDocument();
    const index = await indexed(folder);
    expect(made(index.directory)).toBe(16);
    const phases = new Set<string>();
    for await (const event of index.add([], { train: 'never' })) {
      phases.add(event.phase);
      if (event.phase === 'renew') expect(event).toMatchObject({ done: 16, total: 16 });
    }
    expect(phases.has('renew')).toBe(true);
    expect(phases.has('read')).toBe(false);
    expectRight(index, 16);
    expect((await index.query({ text: 'gambit' }, { method: 'bow' })).hits.length).toBeGreaterThan(0);
  });

  it('are all counted anew in the end when the process is killed meanwhile', async () => {
    const folder = temporaryFolder();
    // More than one transaction of work.
    for (let i = 0; i < 12; i++) write(folder, `${i}.txt`, chapter('sea', 3_000 + i));
    const index = await indexed(folder);
    made(index.directory);
    await index.close();
    for (let kills = 0; kills < 2; kills++) {
      const child = spawn(process.execPath, [MAIN, 'index', '--train', 'never', folder], { stdio: 'ignore' });
      const ended = new Promise((resolve) => child.on('close', resolve));
      const before = inCatalog(index.directory, (catalog) => catalog.documents.outdated(TEXT_RULES).length);
      const until = Date.now() + 20_000;
      for (let left = before; left === before && left > 0 && child.exitCode === null && Date.now() < until; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        left = inCatalog(index.directory, (catalog) => catalog.documents.outdated(TEXT_RULES).length);
      }
      child.kill('SIGKILL');
      await ended;
    }
    const again = await opened(folder);
    expect(inCatalog(index.directory, (catalog) => catalog.check())).toEqual([]);
    await add(again);
    expectRight(again, 12);
  }, 120_000);
});
