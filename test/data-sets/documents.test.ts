// Folders of documents: rows of word counts, the vocabulary they are counted over, and what is left out.
import { afterAll, describe, expect, it } from '@jest/globals';
import { countTerms } from '../../src/text/tokenize.ts';
import { makeWorld, type World } from '../files/world.ts';
import { NEWSGROUPS_ABSENT, readPosts } from '../text/newsgroups.ts';
import { everyRow, refusalOf, withDataSets } from './opened.ts';

const worlds: World[] = [];
function world(files: Readonly<Record<string, string | Uint8Array>>): string {
  worlds.push(makeWorld(files));
  return worlds.at(-1)!.root;
}
afterAll(() => {
  for (const made of worlds) made.remove();
});

const FRUIT = 'apple pear plum cherry grape melon lemon quince'.split(' ');

/** Documents of three fruits each, about two subjects. */
function fruitFiles(count: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const words = [0, 1, 3].map((step) => FRUIT[(i + step) % FRUIT.length]);
    files[`${i % 2 === 0 ? 'even' : 'odd'}/${i}.txt`] = `${words.join(' ')} ${words[0]}`;
  }
  return files;
}

describe('What is refused', () => {
  it('documents without a word', async () => {
    const error = await refusalOf(world({ 'a.txt': '... --- ...', 'b.txt': '!' }), { shape: [50] });
    expect(error.code).toBe('DATA_SET_INVALID');
    expect(error.message).toContain('Expected documents with words');
  });

  it('to go on when the caller has stopped', async () => {
    const stop = new AbortController();
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === 'counting') stop.abort();
    };
    const error = await refusalOf(world(fruitFiles(250)), { shape: [50], signal: stop.signal, onProgress });
    expect(error.code).toBe('ABORTED');
  });
});

describe('A folder of documents', () => {
  it('gives the counts of each known word, in memory and from disk', async () => {
    const files = fruitFiles(80);
    const folder = world(files);
    const looks = [];
    for (const mostBytes of [1e9, 100]) {
      looks.push(
        await withDataSets(folder, { shape: [8], mostBytes }, async (data) => {
          expect(data.kind).toBe('documents');
          expect(data.train.resident === undefined).toBe(mostBytes === 100);
          expect(data.train.rows + data.test.rows).toBe(80);
          expect(data.train.labelNames).toEqual(['even', 'odd']);
          for (const part of [data.train, data.test]) {
            const rows = await everyRow(part);
            part.names!.forEach((name, row) => {
              const { indices, counts } = data.vocabulary!.toCounts(countTerms(files[name]!));
              const expected = Array.from({ length: 8 }, (_, word) => counts[indices.indexOf(word)] ?? 0);
              expect([...rows.subarray(row * 8, row * 8 + 8)]).toEqual(expected);
              expect(part.labels![row]).toBe(name.startsWith('odd') ? 1 : 0);
            });
          }
          return [Buffer.from(await everyRow(data.train)), data.fingerprint, data.vocabulary!.words, data.notices];
        }),
      );
    }
    expect(looks[1]).toEqual(looks[0]);
  });

  it('takes the vocabulary from the training part only', async () => {
    const files = fruitFiles(80);
    const folder = world(files);
    const { test, words } = await withDataSets(folder, { shape: [8] }, (data) => ({
      test: data.test.names!,
      words: data.vocabulary!.words,
    }));
    for (const name of test) files[name] += ' unicorn'.repeat(5);
    await withDataSets(world(files), { shape: [9] }, (data) => {
      expect(data.test.names).toEqual(test);
      expect([...data.vocabulary!.words].sort()).toEqual([...words].sort());
    });
  });

  it('with fewer words than the network has inputs leaves the others 0, and says so', async () => {
    await withDataSets(world(fruitFiles(40)), { shape: [20] }, async (data) => {
      expect(data.vocabulary!.size).toBe(8);
      expect(data.train.shape).toEqual([20]);
      const rows = await everyRow(data.train);
      for (let i = 0; i < rows.length; i++) if (i % 20 >= 8) expect(rows[i]).toBe(0);
      expect(data.notices).toContain(
        "The training documents hold 8 words; 12 of the network's 20 inputs are always 0.",
      );
    });
  });

  it('leaves out documents without a known word, and counts them', async () => {
    const files = fruitFiles(60);
    for (const [i, words] of ['zebra', 'walrus', 'okapi'].entries()) files[`even/rare${i}.txt`] = words;
    await withDataSets(world(files), { shape: [8], testShare: 0 }, (data) => {
      expect(data.train.rows).toBe(60);
      expect(data.notices).toContain('3 documents hold no word of the vocabulary and are left out.');
    });
  });

  it('stops counting at 255', async () => {
    const files = { 'a.txt': 'apple '.repeat(300), 'b.txt': 'pear '.repeat(255), 'c.txt': 'plum '.repeat(254) };
    await withDataSets(world(files), { shape: [3], testShare: 0 }, async (data) => {
      const rows = await everyRow(data.train);
      expect([...rows].filter((count) => count > 0).sort()).toEqual([254, 255, 255]);
    });
  });

  it('may hold pictures as well, and documents of no use: the larger kind is taken', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="4" height="9"/></svg>';
    const few = { ...fruitFiles(10), 'logo.svg': svg, 'even/empty.txt': '' };
    await withDataSets(world(few), { shape: [16] }, (data) => {
      expect(data.kind).toBe('documents');
      expect(data.train.rows + data.test.rows).toBe(10);
      expect(data.notices.join('\n')).toContain('1 picture and 11 documents; the documents are taken, the larger kind');
      expect(data.notices.join('\n')).toContain('1 file passed over');
    });
    await withDataSets(world(few), { shape: [1, 4, 4] }, (data) => expect(data.kind).toBe('pictures'));
  });

  it('has another fingerprint when a document changes', async () => {
    const files = fruitFiles(30);
    const print = (folder: string) => withDataSets(folder, { shape: [8], testShare: 0 }, (data) => data.fingerprint);
    const first = await print(world(files));
    expect(await print(world(files))).toBe(first);
    files['even/0.txt'] += ' apple';
    expect(await print(world(files))).not.toBe(first);
  });
});

const reason = NEWSGROUPS_ABSENT === undefined ? '' : ` (skipped: ${NEWSGROUPS_ABSENT})`;

(reason === '' ? it : it.skip)(`Posts of 20 Newsgroups become rows with their groups${reason}`, async () => {
  const files: Record<string, Uint8Array> = {};
  for (const [i, post] of readPosts('train').entries()) if (i % 20 === 0) files[`${post.group}/${i}`] = post.bytes;
  await withDataSets(world(files), { shape: [1_000], mostBytes: 100_000 }, async (data) => {
    expect(data.train.rows + data.test.rows).toBeGreaterThan(0.98 * Object.keys(files).length);
    expect(data.train.labelNames).toHaveLength(20);
    expect(data.vocabulary!.size).toBe(1_000);
    const rows = await everyRow(data.train);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(data.train.rows * 20);
  });
});
