// Rounds of a harness that harms: an operation on a small index is ended at a random moment by SIGKILL, or its disk is full, or
// eight of them get in each other's way; then everything is looked at that has to hold. For the tests (a few rounds) and for
// bench/faults.ts (many).
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Catalog } from '../../dist/index/catalog.js';
import { indexLayout } from '../../dist/index/layout.js';
import { importIndex, open, verify } from '../../dist/sandglass.js';
import { mountSmallDisk } from '../index/small-disk.ts';
import { documentText, picture, TOPICS } from '../library/collection.ts';
import { ALL_METHODS, answersOf, answersOrRefusal, REFUSED, SURE_METHODS } from './answers.ts';
import { filesOf, prepare, put } from './changes.ts';
import { type Operation, run } from './operations.ts';

/** How an operation is harmed. */
export type Harm = 'kill' | 'full disk' | 'read-only disk';

/** Or several at once. */
type Doing = Operation | 'storm';
type Check = (holds: boolean, what: string) => void;

/** A process that came to its end, and what it did where. */
interface Ended {
  readonly operation: Doing;
  readonly harm: Harm;
  readonly after: number;
  readonly folder: string;
  readonly code: number | null;
  readonly said: string;
  /** Files that are new or changed. */
  readonly before: ReadonlySet<string>;
}

/** What came of one bit. */
export interface Flip {
  readonly file: string;
  readonly bit: number;
  /** How the damaged index answered before anybody looked: all questions rightly, some not at all, or some wrongly. */
  readonly asked: 'right' | 'refused' | 'wrong';
  readonly foundBy: 'verify' | 'deep' | 'nobody';
  /** What was wrong. */
  readonly wrong: readonly string[];
  /** What does not hold after a repair and the next indexing. */
  readonly broken: readonly string[];
}

/** KiB of a disk on which nothing is short, and the most that is left on one that is to become full. */
const ROOMY_DISK = 65_536;
const MOST_SPACE = 6_000;
const RELIEF_MS = 6_000;
const REFUSALS = {
  'full disk': /code: '(DISK_FULL)'/,
  'read-only disk': /code: '(INDEX_READ_ONLY|OUTPUT_UNWRITABLE)'/,
} as const;

/** Who gets in whose way. */
const STORM = ['index again', 'drop', 'drop', 'backup', 'export', 'ask', 'ask', 'repair'] as const;

export interface Round {
  readonly operation: Doing;
  /** Milliseconds from the start of the process to its end, or KiB that the disk had left. */
  readonly after: number;
  /** It came to its end. */
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
      // A graph and code files of so few codes, so that their making is killed too.
      catalog.settings.set('graph-from', 20);
      catalog.settings.set('code-files-from', 20);
    }
    for await (const _ of index.add(join(folder, 'files'), { quality: 'fast', threads: 1 }));
    // What was seen of pictures is remembered.
    await index.duplicates();
  }

  async round(operation: Operation, random: () => number, harm: Harm = 'kill'): Promise<Round> {
    const folder = join(this.#home, 'round');
    const disk = harm === 'kill' ? undefined : mountSmallDisk(ROOMY_DISK, folder);
    try {
      this.#copy(operation === 'upgrade' ? 'old' : 'start', folder);
      const before = prepare(operation, folder, random);
      let after = 0;
      if (harm === 'kill') after = 150 + random() * ((await this.#duration(operation, folder)) - 100);
      if (harm === 'full disk') after = Math.ceil(random() ** 2 * MOST_SPACE);
      if (harm === 'full disk') disk!.grow(usedKibibytes(folder) + after);
      if (harm === 'read-only disk') disk!.makeReadOnly();
      // Watching does not end there, but goes on when there is space again.
      const waiting = operation === 'watch' && harm === 'full disk';
      const relief = waiting ? setTimeout(() => disk!.grow(ROOMY_DISK), RELIEF_MS) : undefined;
      const { code, said } = await run(operation, folder, {
        script: `${folder}.mjs`,
        ...(disk ? {} : { killAfter: after }),
      });
      clearTimeout(relief);
      disk?.grow(ROOMY_DISK);
      return await this.#look({ operation, harm, after, folder, code, said, before });
    } finally {
      disk?.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Eight processes at once on one index, of which every one comes to its end. */
  async storm(random: () => number): Promise<Round> {
    const operation = 'storm';
    const folder = join(this.#home, 'round');
    try {
      this.#copy('start', folder);
      const before = prepare('index again', folder, random);
      const began = performance.now();
      const ends = await Promise.all(
        STORM.map((each, i) => run(each, folder, { script: `${folder}-${i}.mjs`, out: `${folder}-out-${i}` })),
      );
      const after = performance.now() - began;
      const refused = ends.flatMap(({ code, said }, i) =>
        code === 0 ? [] : [`${STORM[i]} ends with ${code}: ${said}`],
      );
      const copy = await verify(`${folder}-out-${STORM.indexOf('backup')}`, { deep: true });
      if (!copy.clean) refused.push(`the backup: ${copy.problems.map(({ message }) => message).join('; ')}`);
      await importIndex(`${folder}-out-${STORM.indexOf('export')}`, `${folder}-imported`);
      const imported = await verify(`${folder}-imported`, { deep: true });
      if (!imported.clean) refused.push(`the export: ${imported.problems.map(({ message }) => message).join('; ')}`);
      // What is told comes to more: what is dropped meanwhile is read again.
      const said = `stored ${before.size}\n`;
      const round = await this.#look({ operation, harm: 'kill', after, folder, code: 0, said, before });
      return { ...round, broken: [...refused, ...round.broken] };
    } finally {
      for (const name of readdirSync(this.#home))
        if (name.startsWith('round')) rmSync(join(this.#home, name), { recursive: true, force: true });
    }
  }

  #copy(from: 'start' | 'old', folder: string): void {
    cpSync(join(this.#home, from), folder, { recursive: true, preserveTimestamps: true });
  }

  /** How long an operation takes that is not killed. */
  async #duration(operation: Operation, folder: string): Promise<number> {
    const known = this.#durations.get(operation);
    if (known !== undefined) return known;
    const trial = join(this.#home, 'trial');
    cpSync(folder, trial, { recursive: true, preserveTimestamps: true });
    const began = performance.now();
    const { code, said } = await run(operation, trial, { script: `${trial}.mjs` });
    if (code !== 0) throw new Error(`${operation} ends with ${code}: ${said}`);
    const duration = performance.now() - began;
    this.#durations.set(operation, duration);
    rmSync(trial, { recursive: true, force: true });
    return duration;
  }

  /** Whether everything holds that has to. */
  async #look({ operation, harm, after, folder, code, said, before }: Ended): Promise<Round> {
    const told = Math.max(0, ...[...said.matchAll(/^stored (\d+)$/gm)].map(([, n]) => Number(n)));
    const broken: string[] = [];
    const check = (holds: boolean, what: string) => {
      if (!holds) broken.push(what);
    };
    if (harm !== 'kill')
      check(code === 0 || REFUSALS[harm].test(said), `on a ${harm} it ends with ${code}: ${said.slice(-500)}`);

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
    await this.#checkEnd(operation, folder, check);
    return { operation, after, finished: code === 0, told, there, wrong, broken };
  }

  /** Nobody has to wait for a lock, the next run ends well, and the index is what an unbroken one is. */
  async #checkEnd(operation: Doing, folder: string, check: Check): Promise<void> {
    const directory = join(folder, '.sandglass');
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
  }

  /** How many of some files are in the catalog as they are on disk. */
  #stored(folder: string, wanted: ReadonlySet<string>): number {
    using catalog = Catalog.open(indexLayout(join(folder, '.sandglass')), { readOnly: true });
    const root = catalog.roots.list().find(({ path }) => path === join(folder, 'files'));
    if (root === undefined) return 0;
    const items = catalog.items.byRoot(root.id);
    return [...wanted].filter((path) => items.get(path)?.hash === hashOf(join(folder, 'files', path))).length;
  }

  async #checkOutputs(operation: Doing, folder: string, check: Check): Promise<void> {
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
    operation: Doing,
    check: Check,
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
    const found = await answersOf(index, folder, SURE_METHODS);
    const expected = await answersOf(whole, reference, SURE_METHODS);
    check(found === expected, `it answers otherwise than an unbroken index: ${found} instead of ${expected}`);
  }

  /** The files of the index that every round begins with, with '/'. */
  get indexFiles(): string[] {
    const folder = join(this.#home, 'start/.sandglass');
    return filesOf(folder).filter((path) => statSync(join(folder, path)).size > 0);
  }

  /** Turns one bit of a file of the index around, asks, verifies, repairs. */
  async flip(file: string, random: () => number): Promise<Flip> {
    const folder = join(this.#home, 'round');
    const directory = join(folder, '.sandglass');
    try {
      this.#copy('start', folder);
      await using before = await open(directory, { readOnly: true, device: 'cpu' });
      const expected = await answersOf(before, folder, ALL_METHODS);
      await before.close();
      const path = join(directory, file);
      const bytes = readFileSync(path);
      const bit = Math.floor(random() * bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, bytes);

      const broken: string[] = [];
      const check = (holds: boolean, what: string) => {
        if (!holds) broken.push(what);
      };
      const answer = await answersOrRefusal(directory, folder);
      const asked = answer === expected ? 'right' : REFUSED.test(answer) ? 'refused' : 'wrong';
      const found = await verify(directory);
      const deep = found.clean ? await verify(directory, { deep: true }) : found;
      const wrong = deep.problems.map(({ code }) => code);
      if (!deep.clean) {
        const repaired = await verify(directory, { repair: true, deep: true });
        check(repaired.clean, `not repaired: ${repaired.problems.map(({ message }) => message).join('; ')}`);
      }
      await this.#checkEnd('index again', folder, check);
      return { file, bit, asked, foundBy: found.clean ? (deep.clean ? 'nobody' : 'deep') : 'verify', wrong, broken };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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

function usedKibibytes(disk: string): number {
  const { blocks, bfree, bsize } = statfsSync(disk);
  return ((blocks - bfree) * bsize) / 1_024;
}

function hashOf(path: string): string | undefined {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined;
}
