// The recipe for documents: what it refuses, how long it learns, that it repeats itself, and what its files say.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openSession } from '../../../src/runtime/onnx-session.ts';
import { type BagsOfWords, logMeanShares, withoutEmptyRows } from '../../../src/training/bags-of-words.ts';
import { Random } from '../../../src/training/random.ts';
import { trainText } from '../../../src/training/recipes/text.ts';
import { epochsFor, neighboursFor, textSettings } from '../../../src/training/recipes/text-settings.ts';
import { encodeBags } from '../../../src/training/word-input.ts';

const TOPICS = 3;
const OF_EACH_TOPIC = 20;
const WORDS = TOPICS * OF_EACH_TOPIC;
const QUICK = { codeSize: 8, hiddenSize: 16, batchSize: 32, epochs: 20, device: 'cpu', threads: 1 } as const;

/** Documents of eight words of one topic each; every tenth is empty. */
function documents(rows: number): BagsOfWords {
  const random = new Random(4);
  const indptr = [0];
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    const words = random.permutation(OF_EACH_TOPIC).subarray(0, row % 10 === 9 ? 0 : 8);
    indices.push(...Array.from(words, (word) => (row % TOPICS) * OF_EACH_TOPIC + word));
    indptr.push(indices.length);
  }
  return {
    rows,
    vocabularySize: WORDS,
    indptr: Uint32Array.from(indptr),
    indices: Uint32Array.from(indices),
    counts: new Uint16Array(indices.length).fill(1),
  };
}

let learned: ReturnType<typeof trainText>;
beforeAll(() => {
  learned = trainText(documents(200), { ...QUICK, epochs: 60 });
});

async function decoded(model: Uint8Array, data: Float32Array, width: number): Promise<Float32Array> {
  const session = await openSession(model, { device: 'cpu', threads: 1 });
  try {
    const results = await session.run({ code: { data, shape: [data.length / width, width] } });
    return Object.values(results)[0]!.data as Float32Array;
  } finally {
    await session.release();
  }
}

describe('training on documents', () => {
  it('refuses too few that hold a word', async () => {
    await expect(trainText(documents(17), QUICK)).resolves.toBeDefined();
    await expect(trainText(documents(16), QUICK)).rejects.toMatchObject({ code: 'TRAINING_TOO_SMALL' });
  });

  it('stops when it is told to', async () => {
    const stopped = trainText(documents(60), QUICK, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('takes more epochs in a small folder than in a large one, and has fewer neighbours there', () => {
    expect([50, 2000, 10_000, 50_000].map((rows) => epochsFor(rows, 256))).toEqual([250, 36, 13, 4]);
    expect([20, 50, 400, 2000, 10_000].map((rows) => neighboursFor(rows, 20))).toEqual([1, 1, 5, 11, 20]);
  });

  it('learns for less time in the quality fast, is wider in best, and takes what is given before what the quality says', () => {
    const [fast, normal, best] = (['fast', 'default', 'best'] as const).map((quality) =>
      textSettings({ quality }, 10_000),
    );
    expect(fast!.epochs).toBeLessThan(normal!.epochs);
    expect(best).toMatchObject({ epochs: normal!.epochs, rounds: normal!.rounds });
    expect(best!.hiddenSize).toBeGreaterThan(normal!.hiddenSize);
    const given = { quality: 'best', epochs: 3, rounds: 1, hiddenSize: 9 } as const;
    expect(textSettings(given, 10_000)).toMatchObject(given);
  });

  it('makes the same encoder from the same seed and another one from another', async () => {
    const options = { ...QUICK, epochs: 3 };
    const [first, again, other] = [
      await trainText(documents(60), { ...options, seed: 5 }),
      await trainText(documents(60), { ...options, seed: 5 }),
      await trainText(documents(60), { ...options, seed: 6 }),
    ];
    expect(Buffer.compare(first.encoder, again.encoder)).toBe(0);
    expect(Buffer.compare(first.encoder, other.encoder)).not.toBe(0);
  });

  it('reports every step of all rounds once, and a loss for every epoch', async () => {
    const seen: { step: number; steps: number; epoch: number }[] = [];
    const { losses } = await trainText(documents(80), QUICK, { onProgress: (progress) => seen.push(progress) });
    expect(losses).toHaveLength(20);
    expect(seen.at(-1)).toMatchObject({ step: 40, steps: 40, epoch: 20, epochs: 20 });
    expect(seen.every(({ step }, i) => i === 0 || step > seen[i - 1]!.step)).toBe(true);
  });

  it.each([
    ['codes', (code: Float32Array) => code],
    ['the signs of codes', (code: Float32Array) => code.map(Math.sign)],
  ])(
    'learns which words go together: from %s of three words of a topic the decoder tells the others',
    async (_, seen) => {
      const { encoder, decoder } = await learned;
      const topics = Array.from({ length: TOPICS }, (_, topic) => topic);
      const three: BagsOfWords = {
        rows: TOPICS,
        vocabularySize: WORDS,
        indptr: Uint32Array.from([...topics, TOPICS], (topic) => 3 * topic),
        indices: Uint32Array.from(topics.flatMap((topic) => [1, 5, 11].map((word) => topic * OF_EACH_TOPIC + word))),
        counts: new Uint16Array(3 * TOPICS).fill(1),
      };
      const codes = await encodeBags(encoder, three, 8, { device: 'cpu' });
      const logarithms = await decoded(decoder, seen(codes), 8);
      for (let topic = 0; topic < TOPICS; topic++) {
        const shares = Array.from(logarithms.subarray(topic * WORDS, (topic + 1) * WORDS), Math.exp);
        const own = shares.slice(topic * OF_EACH_TOPIC, (topic + 1) * OF_EACH_TOPIC);
        expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 3);
        expect(own.reduce((sum, share) => sum + share)).toBeGreaterThan(0.8);
      }
    },
  );
});

describe('bags of words', () => {
  it('lose their empty rows and nothing else', () => {
    const bags: BagsOfWords = {
      rows: 4,
      vocabularySize: 3,
      indptr: Uint32Array.of(0, 0, 2, 2, 3),
      indices: Uint32Array.of(0, 2, 1),
      counts: Uint16Array.of(1, 2, 3),
    };
    expect(withoutEmptyRows(bags)).toEqual({ ...bags, rows: 2, indptr: Uint32Array.of(0, 2, 3) });
  });

  it('say what to expect of an unknown document: a distribution over words', () => {
    const shares = Array.from(logMeanShares(withoutEmptyRows(documents(60))), Math.exp);
    expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(1, 2);
  });
});
