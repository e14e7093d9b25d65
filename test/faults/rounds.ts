// Rounds of a harness that kills: an operation on a small index is ended at a random moment by SIGKILL, then everything is
// looked at that has to hold. For the tests (a few rounds) and for bench/faults.ts (many).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Catalog } from '../../dist/index/catalog.js';
import { indexLayout } from '../../dist/index/layout.js';
import { importIndex, open, verify } from '../../dist/sandglass.js';
import { documentText, picture, TOPICS } from '../library/collection.ts';

const DIST = new URL('../../dist/', import.meta.url);
const QUESTIONS = ['ship storm captain', 'oven dough salt', 'queen castle check'];

/** What is killed. */
export const OPERATIONS = [
  'index',
  'index again',
  'train',
  'upgrade',
  'forget',
  'gc',
  'backup',
  'export',
  'repair',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export interface Round {
  readonly operation: Operation;
  /** Milliseconds from the start of the process to its end. */
  readonly after: number;
  /** It ended by itself before. */
  readonly finished: boolean;
  /** Files that were told to be stored, and how many of them are. */
  readonly told: number;
  readonly there: number;
  /** Whether the index was whole, or had to be repaired; what was wrong. */
  readonly wrong: readonly string[];
  /** What does not hold: none, or it is a defect. */
  readonly broken: readonly string[];
}

/** mulberry32, by Tommy Ettinger: small, seeded. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A folder with documents and pictures, an index of it, and an unbroken index of what it becomes. */
export class FaultWorld {
  readonly #home = realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-faults-')));
  readonly #durations = new Map<Operation, number>();

  /** Makes what every round begins with. */
  async make(): Promise<void> {
    const files = join(this.#home, 'start/files');
    for (const topic of Object.keys(TOPICS))
      for (let i = 0; i < 30; i++) put(files, `${topic}/${i}.txt`, documentText(topic, i));
    const long = Array.from({ length: 24 }, (_, i) => `${documentText('sea', 100 + i)}.`).join('\n\n');
    put(files, 'sea/long.txt', long);
    for (let i = 0; i < 8; i++) put(files, `pictures/${i}.png`, await picture(i));
    await this.#index(join(this.#home, 'start'));
    const old = JSON.parse(
      gunzipSync(readFileSync(new URL('../fixtures/index-v2.json.gz', import.meta.url))).toString('utf8'),
    ) as { files: Record<string, string> };
    for (const [path, content] of Object.entries(old.files))
      put(join(this.#home, 'old'), path, Buffer.from(content, 'base64'));
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #index(folder: string): Promise<void> {
    const layout = indexLayout(join(folder, '.sandglass'));
    await using index = await open(layout.directory, { create: true, device: 'cpu' });
    {
      using catalog = Catalog.open(layout);
      // A graph of so few codes, so that its building is killed too.
      catalog.settings.set('graph-from', 20);
    }
    for await (const _ of index.add(join(folder, 'files'), { quality: 'fast', threads: 1 }));
  }

  async round(operation: Operation, random: () => number): Promise<Round> {
    const folder = join(this.#home, 'round');
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(this.#home, operation === 'upgrade' ? 'old' : 'start'), folder, {
      recursive: true,
      preserveTimestamps: true,
    });
    const before = this.#prepare(operation, folder, random);
    if (!this.#durations.has(operation)) {
      // Once without being killed, to know how long it takes.
      const trial = join(this.#home, 'trial');
      cpSync(folder, trial, { recursive: true, preserveTimestamps: true });
      const began = performance.now();
      const { code, said } = await run(operation, trial);
      if (code !== 0) throw new Error(`${operation} ends with ${code}: ${said}`);
      this.#durations.set(operation, performance.now() - began);
      rmSync(trial, { recursive: true, force: true });
    }
    const after = 150 + random() * (this.#durations.get(operation)! - 100);
    const { code, said } = await run(operation, folder, after);
    const told = Math.max(0, ...[...said.matchAll(/^stored (\d+)$/gm)].map(([, n]) => Number(n)));
    const broken: string[] = [];
    const check = (holds: boolean, what: string) => {
      if (!holds) broken.push(what);
    };

    const directory = join(folder, '.sandglass');
    let wrong: string[] = [];
    if (existsSync(join(directory, 'catalog.sqlite'))) {
      const found = await looked(directory);
      wrong = found.problems.map(({ code: fault }) => fault);
      if (!found.clean) {
        const repaired = await verify(directory, { repair: true });
        check(repaired.clean, `not repaired: ${repaired.problems.map(({ message }) => message).join('; ')}`);
      }
    } else check(told === 0, 'the catalog is gone');
    const there = told === 0 ? 0 : this.#stored(folder, before);
    check(there >= told, `${told} files were told to be stored, ${there} are`);
    await this.#checkOutputs(operation, folder, check);

    // Nobody has to wait for a lock, and the next run ends well.
    await using index = await open(directory, { create: true, device: 'cpu' });
    let failed = -1;
    for await (const event of index.add(join(folder, 'files'), { quality: 'fast', threads: 1 }))
      if (event.phase === 'done') failed = event.summary.failed;
    check(failed === 0, `the next run has ${failed} failures`);
    await index.collectGarbage();
    const end = await verify(directory, { deep: true });
    check(end.clean, `at the end: ${end.problems.map(({ message }) => message).join('; ')}`);
    check(end.notes.length === 0, `at the end: ${end.notes.map(({ message }) => message).join('; ')}`);
    await this.#checkAnswers(index, folder, operation, check);
    return { operation, after, finished: code === 0, told, there, wrong, broken };
  }

  /** What the folder holds before the operation: hash by path, of those files that are new or changed. */
  #prepare(operation: Operation, folder: string, random: () => number): Set<string> {
    const fresh = new Set<string>();
    const files = join(folder, 'files');
    const change = (path: string, content: string) => {
      put(files, path, content);
      fresh.add(path);
    };
    if (operation === 'index') {
      rmSync(join(folder, '.sandglass'), { recursive: true });
      for (const path of filesOf(files)) fresh.add(path);
    } else if (operation === 'train' || operation === 'upgrade') {
      for (const path of filesOf(files)) fresh.add(path);
    } else if (operation === 'index again') {
      const start = Math.floor(random() * 1000) + 1000;
      for (let i = 0; i < 12; i++) change(`sea/${i}.txt`, documentText('bread', start + i));
      for (let i = 0; i < 12; i++) change(`new/${i}.txt`, documentText('chess', start + 50 + i));
      for (let i = 20; i < 28; i++) rmSync(join(files, `bread/${i}.txt`));
      for (let i = 20; i < 24; i++) renameSync(join(files, `chess/${i}.txt`), join(files, `new/renamed-${i}.txt`));
    } else if (operation === 'repair') {
      using catalog = Catalog.open(indexLayout(join(folder, '.sandglass')));
      catalog.write(() => {
        catalog.database.prepare('UPDATE code SET code = zeroblob(3) WHERE item_id % 3 = 0').run();
        catalog.database.prepare("UPDATE document SET text = x'00' WHERE item_id % 7 = 0").run();
        catalog.database.prepare("UPDATE item_terms SET terms = x'ff' WHERE item_id % 5 = 0").run();
      });
    }
    return fresh;
  }

  /** How many of some files are in the catalog as they are on disk. */
  #stored(folder: string, wanted: ReadonlySet<string>): number {
    using catalog = Catalog.open(indexLayout(join(folder, '.sandglass')), { readOnly: true });
    const root = catalog.roots.list().find(({ path }) => path === join(folder, 'files'));
    if (root === undefined) return 0;
    const items = catalog.items.byRoot(root.id);
    return [...wanted].filter((path) => items.get(path)?.hash === hashOf(join(folder, 'files', path))).length;
  }

  async #checkOutputs(
    operation: Operation,
    folder: string,
    check: (holds: boolean, what: string) => void,
  ): Promise<void> {
    const out = join(folder, 'out');
    if (!existsSync(out)) return;
    if (operation === 'backup') {
      const { clean, problems, checked } = await verify(out, { deep: true });
      check(clean && checked.items === 99, `the backup has ${checked.items} items: ${JSON.stringify(problems)}`);
    } else {
      const { items } = await importIndex(out, join(folder, 'imported'));
      const { clean, problems } = await verify(join(folder, 'imported'), { deep: true });
      check(clean && items === 99, `of the export ${items} items were imported: ${JSON.stringify(problems)}`);
    }
  }

  /** The index answers as one that was made in one go. */
  async #checkAnswers(
    index: Awaited<ReturnType<typeof open>>,
    folder: string,
    operation: Operation,
    check: (holds: boolean, what: string) => void,
  ): Promise<void> {
    const reference = join(this.#home, 'reference');
    rmSync(reference, { recursive: true, force: true });
    cpSync(join(folder, 'files'), join(reference, 'files'), { recursive: true, preserveTimestamps: true });
    // What was forgotten stays out, where the process came so far.
    const [root] = (await index.status()).roots;
    if (operation === 'forget' && root?.keptOut !== undefined)
      rmSync(join(reference, 'files/sea'), { recursive: true });
    await using whole = await open(join(reference, '.sandglass'), { create: true, device: 'cpu' });
    for await (const _ of whole.add(join(reference, 'files'), { train: 'never', threads: 1 }));
    const answers = async (one: typeof whole, base: string) => {
      const all: unknown[] = [(await one.status()).items];
      for (const text of QUESTIONS)
        for (const { path, score } of (await one.query({ text }, { method: 'tfidf', k: 8 })).hits)
          all.push([relative(base, path), score.toFixed(5)]);
      for (const { path, score } of (
        await one.query({ file: join(base, 'files/pictures/1.png') }, { method: 'phash', k: 4 })
      ).hits)
        all.push([relative(base, path), score.toFixed(5)]);
      return JSON.stringify(all);
    };
    const [found, expected] = [await answers(index, folder), await answers(whole, reference)];
    check(found === expected, `it answers otherwise than an unbroken index: ${found} instead of ${expected}`);
  }
}

/** An upgrade comes with the next indexing: an older catalog is refused until then. */
async function looked(directory: string): Promise<{ clean: boolean; problems: readonly { code: string }[] }> {
  try {
    return await verify(directory);
  } catch (error) {
    if ((error as { code?: string }).code === 'INDEX_READ_ONLY') return { clean: true, problems: [] };
    // Killed before the first table was made.
    if ((error as { code?: string }).code === 'INDEX_MISSING') return { clean: true, problems: [] };
    throw error;
  }
}

/** Runs an operation in a process of its own, and kills it after some time. */
function run(operation: Operation, folder: string, killAfter?: number): Promise<{ code: number | null; said: string }> {
  const library = new URL('sandglass.js', DIST).href;
  const directory = JSON.stringify(join(folder, '.sandglass'));
  const files = JSON.stringify(join(folder, 'files'));
  const out = JSON.stringify(join(folder, 'out'));
  const indexing = (options: string) => `
    for await (const event of index.add(${files}, { threads: 1, quality: 'fast', ${options} }))
      if (event.phase === 'store') writeSync(1, 'stored ' + event.stored + '\\n');`;
  const work: Readonly<Record<Operation, string>> = {
    index: indexing(''),
    'index again': indexing(''),
    train: indexing("train: 'always'"),
    upgrade: indexing(''),
    forget: "await index.forget('sea/*', { keepOut: true });",
    gc: "await index.forget('sea/*', { compact: false, keepOut: false }); await index.collectGarbage();",
    backup: `await index.backup(${out});`,
    export: `await index.export(${out});`,
    repair: 'await index.verify({ repair: true });',
  };
  const source = `import { writeSync } from 'node:fs'; import { open } from '${library}';
    const index = await open(${directory}, { create: true, device: 'cpu' });
    ${work[operation]}
    await index.close();`;
  const script = `${folder}.mjs`;
  writeFileSync(script, source);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, said });
    });
  });
}

function put(folder: string, path: string, content: string | Uint8Array): void {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  const size = existsSync(absolute) ? readFileSync(absolute).length : -1;
  writeFileSync(absolute, content);
  // Whole seconds, which a copy keeps: nothing is read again that did not change. What changed is of another length or time.
  const seconds = 1_700_000_000 + (size === -1 ? 0 : 60);
  utimesSync(absolute, seconds, seconds);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function hashOf(path: string): string | undefined {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined;
}
