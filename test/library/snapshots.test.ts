import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { verify } from '../../src/sandglass.ts';
import { cleanUp, documents, documentText, indexed, opened, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

const LIBRARY = new URL('../../dist/sandglass.js', import.meta.url).href;

/** Another process that changes, removes and adds documents, and indexes each time, until the file `stop` is there. */
function writer(folder: string): { end: Promise<string>; stop(): void } {
  const script = join(temporaryFolder(), 'writer.mjs');
  const stop = `${script}.stop`;
  writeFileSync(
    script,
    `import { existsSync, rmSync, writeFileSync } from 'node:fs';
     import { open } from '${LIBRARY}';
     const folder = ${JSON.stringify(folder)};
     const index = await open(folder, { device: 'cpu' });
     let turns = 0;
     for (; !existsSync(${JSON.stringify(stop)}); turns++) {
       // Numbers are given again: what is added last is removed first.
       for (let i = 0; i < 40; i++) {
         const path = folder + '/moving/' + i + '.txt';
         if ((turns + i) % 2 === 0) rmSync(path, { force: true });
         else writeFileSync(path, ['ship sail wave', 'flour dough oven', 'knight bishop pawn'][(turns + i) % 3] + ' turn' + turns + ' number' + i);
       }
       for await (const _ of index.add([], { train: 'never', prune: true, threads: 1 }));
     }
     await index.close();
     process.stdout.write(String(turns));`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const end = new Promise<string>((resolve) => {
    child.on('close', () => resolve(said));
  });
  return { end, stop: () => writeFileSync(stop, '') };
}

describe('While another process indexes, adds and removes', () => {
  it('every answer is of one state: as many hits as there are, each of them a document that has the words', async () => {
    const folder = documents(20);
    write(folder, 'moving/0.txt', documentText('sea', 500));
    await indexed(folder).then((index) => index.close());
    const other = writer(folder);
    const reader = await opened(folder, { readOnly: true });
    const wrong: string[] = [];
    let generations = 0;
    let last = '';
    for (const deadline = Date.now() + 8_000; Date.now() < deadline; ) {
      for (const [word, method] of [
        ['sail', 'bow'],
        ['dough', 'tfidf'],
        ['pawn', 'bm25'],
      ] as const) {
        const { hits } = await reader.query({ text: word }, { method, k: 10 });
        if (hits.length !== 10) wrong.push(`${hits.length} hits`);
        for (const { path, snippet, score } of hits)
          if (!snippet?.includes(word)) wrong.push(`${path} (${score}): ${snippet}`);
        if (hits.some(({ score }, i) => i > 0 && score > hits[i - 1]!.score)) wrong.push('out of order');
        const state = hits.map(({ path, score }) => `${path} ${score}`).join();
        if (word === 'sail' && state !== last) generations++;
        if (word === 'sail') last = state;
      }
    }
    other.stop();
    const turns = Number(await other.end);
    expect(wrong).toEqual([]);
    // Both did work.
    expect(turns).toBeGreaterThan(2);
    expect(generations).toBeGreaterThan(2);
  }, 60_000);

  it('a backup and an export are of one state, and whole', async () => {
    const folder = documents(60);
    write(folder, 'moving/0.txt', documentText('sea', 500));
    const index = await indexed(folder);
    const other = writer(folder);
    const place = temporaryFolder();
    for (let i = 0; i < 4; i++) {
      const { items } = await index.backup(join(place, `copy-${i}`));
      const result = await verify(join(place, `copy-${i}`), { deep: true });
      expect(result).toMatchObject({ clean: true, checked: { items } });
      await index.export(join(place, `export-${i}`));
      const lines = readFileSync(join(place, `export-${i}/items.jsonl`), 'utf8')
        .trimEnd()
        .split('\n');
      const manifest = JSON.parse(readFileSync(join(place, `export-${i}/manifest.json`), 'utf8')) as { items: number };
      expect(lines).toHaveLength(manifest.items);
    }
    other.stop();
    expect(Number(await other.end)).toBeGreaterThan(0);
    rmSync(place, { recursive: true });
  }, 60_000);
});
