// What an index answers, to be compared with what another one does.
import { join, relative } from 'node:path';
import { open, SandglassError } from '../../dist/sandglass.js';

const QUESTIONS = ['ship storm captain', 'oven dough salt', 'queen castle check'];

/** Answers by plain methods, which depend on nothing that is learned, and by all. */
export const SURE_METHODS = { text: ['tfidf'], image: ['phash'] } as const;
export const ALL_METHODS = { text: ['tfidf', 'bm25', 'ae', 'lsa'], image: ['phash', 'pixels', 'ae'] } as const;
export const REFUSED = /"refused [A-Z_]+"/;

type Index = Awaited<ReturnType<typeof open>>;

/** What an index answers, without where it stands; of a question that is refused, the code. */
export async function answersOf(
  index: Index,
  base: string,
  methods: Readonly<Record<'text' | 'image', readonly string[]>>,
): Promise<string> {
  const all: unknown[] = [];
  const ask = async (input: Parameters<Index['query']>[0], method: string, k: number) => {
    try {
      for (const { path, score } of (await index.query(input, { method, k })).hits)
        all.push([relative(base, path), score.toFixed(5)]);
    } catch (error) {
      if (!(error instanceof SandglassError)) throw error;
      all.push(`refused ${error.code}`);
    }
  };
  all.push((await index.status()).items);
  for (const text of QUESTIONS) for (const method of methods.text) await ask({ text }, method, 8);
  const file = join(base, 'files/pictures/1.png');
  for (const method of methods.image) await ask({ file }, method, 4);
  return JSON.stringify(all);
}

export async function answersOrRefusal(directory: string, base: string): Promise<string> {
  try {
    await using index = await open(directory, { readOnly: true, device: 'cpu' });
    return await answersOf(index, base, ALL_METHODS);
  } catch (error) {
    if (!(error instanceof SandglassError)) throw error;
    return JSON.stringify(`refused ${error.code}`);
  }
}
