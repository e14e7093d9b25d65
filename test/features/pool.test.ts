// extractAll: many files, in order, and none of them can stop the others.

import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { extractFeature } from '../../src/features/extract.ts';
import type { ExtractResult } from '../../src/features/extract-result.ts';
import { type ExtractAllOptions, extractAll } from '../../src/features/pool.ts';
import { makeWorld, type World } from '../files/world.ts';
import { distinctWords, jpeg, NOISE } from './samples.ts';

let world: World;
let small: { absolute: string; size: number }[];
let heavy: { absolute: string };

beforeAll(async () => {
  world = makeWorld();
  small = [];
  const picture = await jpeg();
  for (let i = 0; i < 100; i++) {
    const isPicture = i % 10 === 9;
    const content = isPicture
      ? picture
      : Buffer.from(`Document number ${i} tells of sheep and word${'x'.repeat(i % 7)}.`);
    const absolute = world.write(`${String(i).padStart(3, '0')}.${isPicture ? 'jpg' : 'txt'}`, content);
    small.push({ absolute, size: content.length });
  }
  heavy = { absolute: world.write('heavy.txt', distinctWords(2_000_000)) };
});
afterAll(() => world.remove());

async function results(
  files: Iterable<{ absolute: string }>,
  options: ExtractAllOptions = {},
): Promise<ExtractResult[]> {
  const all: ExtractResult[] = [];
  for await (const { result } of extractAll(files, { threads: 2, ...options })) all.push(result);
  return all;
}

/** Texts only: the first picture of a thread also loads the decoder, which takes its time. */
const withHeavy = () => {
  const texts = small.filter(({ absolute }) => absolute.endsWith('.txt'));
  return [...texts.slice(0, 20), heavy, ...texts.slice(20, 40)];
};

function expectOnlyHeavyFailed(all: readonly ExtractResult[], code: string): void {
  expect(all).toHaveLength(41);
  expect(all[20]).toMatchObject({ status: 'failed', error: { code, path: heavy.absolute } });
  expect(all.filter((result) => result.status !== 'ok')).toHaveLength(1);
}

describe('what goes wrong', () => {
  it('gives up on a file that takes too long and reads the others of its batch', async () => {
    expectOnlyHeavyFailed(await results(withHeavy(), { timeoutSeconds: 1.5 }), 'READ_TIMEOUT');
  });

  it('survives a file that takes more memory than its thread has', async () => {
    expectOnlyHeavyFailed(await results(withHeavy(), { threadMemory: 128 }), 'READ_CRASHED');
  });

  it('gives broken files their place in the order', async () => {
    const broken = { absolute: world.write('broken.txt', NOISE) };
    const absent = { absolute: world.path('absent.txt') };
    const all = await results([...small.slice(0, 20), broken, ...small.slice(20, 30), absent]);
    expect(
      all.map((result) => (result.status === 'ok' ? 'ok' : result.status === 'failed' && result.error.code)),
    ).toEqual([
      ...Array.from({ length: 20 }, () => 'ok'),
      'TEXT_BINARY',
      ...Array.from({ length: 10 }, () => 'ok'),
      'FILE_VANISHED',
    ]);
  });

  it('is ended by its signal, before and in the middle', async () => {
    await expect(results(small, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(results(small.slice(0, 3), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });

    const controller = new AbortController();
    const files = (function* () {
      while (true) yield* small;
    })();
    let count = 0;
    const reading = (async () => {
      for await (const _ of extractAll(files, { threads: 2, signal: controller.signal })) {
        if (++count === 150) controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('passes on what the list of files throws', async () => {
    const files = (function* () {
      yield* small.slice(0, 50);
      throw new RangeError('the list broke off');
    })();
    await expect(results(files)).rejects.toThrow('the list broke off');
  });

  it.each([{ threads: 0 }, { timeoutSeconds: -1 }, { threadMemory: Number.NaN }])('refuses %j', async (options) => {
    await expect(results(small, options)).rejects.toThrow(RangeError);
  });
});

/** The text of a document stays in the thread that read it, but for what an index keeps. */
function withoutText(result: ExtractResult): ExtractResult {
  if (result.status !== 'ok' || result.kind !== 'text') return result;
  const { text: _, ...feature } = result.feature;
  return { ...result, feature };
}

describe('what is read', () => {
  it('is nothing for no files', async () => {
    expect(await results([])).toEqual([]);
  });

  it('is the same in threads as on the spot, in the order of the files', async () => {
    const inThreads = await results(small);
    const here = await Promise.all(small.map(({ absolute }) => extractFeature(absolute)));
    expect(inThreads).toEqual(here.map(withoutText));
  });

  it.each([1, 15, 16, 17, 33])('is complete for %i files', async (count) => {
    expect(await results(small.slice(0, count))).toHaveLength(count);
  });

  it('comes with the very objects that were asked about', async () => {
    const files = small.slice(0, 20).map((file, id) => ({ ...file, id }));
    let expected = 0;
    for await (const { file } of extractAll(files, { threads: 2 })) expect(file).toBe(files[expected++]);
  });

  it('takes no more memory along than it shows', async () => {
    for (const result of await results(small.slice(0, 20))) {
      if (result.status !== 'ok') continue;
      const { feature } = result;
      const arrays =
        feature.kind === 'text' ? [feature.counts] : [feature.thumbnail, feature.phash, feature.dhash, feature.pixels];
      for (const array of arrays) expect(array.buffer.byteLength).toBe(array.byteLength);
    }
  });

  it('is asked for no faster than it is taken, and the list is closed when nobody asks any more', async () => {
    let asked = 0;
    let closed = false;
    const files = (function* () {
      try {
        while (true) {
          asked++;
          yield small[asked % small.length]!;
        }
      } finally {
        closed = true;
      }
    })();
    for await (const _ of extractAll(files, { threads: 2 })) break;
    expect(asked).toBeLessThan(500);
    expect(closed).toBe(true);
  });

  it('leaves no thread behind that would keep the process alive', async () => {
    await results(small);
    const handles = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker');
    expect(handles).toEqual([]);
  });

  it('is read anew when a file changed between two runs', async () => {
    const changing = { absolute: world.write('changing.txt', 'sheep') };
    const [before] = await results([changing]);
    writeFileSync(changing.absolute, 'wolves and sheep');
    const [after] = await results([changing]);
    expect(before).toMatchObject({ words: 1 });
    expect(after).toMatchObject({ words: 2 });
  });

  it('tells the same languages in threads as in this one, where only the model can tell', async () => {
    const texts = [
      'Zwei Boote lagen still; Fischer flickten Netze, Kinder sammelten Muscheln.',
      'Deux bateaux dormaient, pêcheurs réparaient filets.',
    ];
    const files = Array.from({ length: 40 }, (_, i) => ({
      absolute: world.write(`boats-${i}.txt`, `${texts[i % 2]} ${i}`),
    }));
    const languages = (await results(files)).map((result) => 'language' in result && result.language);
    const here = await Promise.all(files.slice(0, 2).map(({ absolute }) => extractFeature(absolute)));
    expect(languages).toEqual(files.map((_, i) => (here[i % 2] as { language?: string }).language));
    expect(languages.slice(0, 2)).toEqual(['de', 'fr']);
  });
});
