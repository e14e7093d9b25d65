// The folder of one training: whether it may be made there, how it is begun, how files get there, what is taken away again.
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { isRowFile, isRunFile, isSheet, nameOfHalf, RUN_FILES } from './run-files.ts';
import { type RunLine, RunLog, textOfLine } from './run-log.ts';
import { runWriteError } from './run-write-error.ts';

/** What a training is begun with: the same has to be given to go on with it. */
export interface RunSettings {
  /** The whole recipe, defaults filled in. */
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Of the data. */
  readonly fingerprint: string;
  /** What else the first line of the log says. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export class RunFolder {
  readonly path: string;
  readonly log: RunLog;
  readonly #fresh: boolean;
  /** Folders that were not there, innermost first. */
  readonly #missing: readonly string[];
  readonly #before: RunLine | undefined;
  #began = false;

  private constructor(path: string, fresh: boolean, missing: readonly string[], before: RunLine | undefined) {
    this.path = path;
    this.log = new RunLog(join(path, RUN_FILES.log));
    this.#fresh = fresh;
    this.#missing = missing;
    this.#before = before;
  }

  /**
   * Looks whether a training can be written to `path`. Writes nothing.
   *
   * @param fresh what an earlier training left there will be removed when this one begins
   * @throws SandglassError OUTPUT_EXISTS when something else is there, or a training that is finished; OUTPUT_UNWRITABLE
   */
  static async survey(path: string, fresh: boolean): Promise<RunFolder> {
    const missing = await missingFolders(path);
    if (missing.length > 0) {
      await demandWritable(dirname(missing.at(-1)!), path);
      return new RunFolder(path, fresh, missing, undefined);
    }
    await demandWritable(path, path);
    const names = await namesIn(path);
    const before = names.includes(RUN_FILES.log) ? await firstLine(join(path, RUN_FILES.log)) : undefined;
    if (before === undefined && names.some((name) => !isLeftover(name))) {
      throw new SandglassError(
        'OUTPUT_EXISTS',
        `Expected an empty folder or one of an earlier training but ${path} holds other files; name another with --out.`,
        { path },
      );
    }
    if (names.includes(RUN_FILES.manifest) && !fresh) {
      throw new SandglassError(
        'OUTPUT_EXISTS',
        `${path} holds a training that is finished; name another folder with --out, or train anew with --fresh.`,
        { path },
      );
    }
    return new RunFolder(path, fresh, [], before);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /**
   * Writes the recipe and the first line of the log, or finds that the training that stands here was begun with the same.
   *
   * @throws SandglassError OUTPUT_EXISTS when it was begun with something else; DISK_FULL, OUTPUT_UNWRITABLE
   */
  async begin({ recipe, fingerprint, facts }: RunSettings): Promise<void> {
    const before = this.#before !== undefined && !this.#fresh ? await this.#recipeBefore() : undefined;
    if (before !== undefined) {
      this.#demandSame(before, recipe, fingerprint);
      await this.#removeLeftovers();
      return;
    }
    this.#began = true;
    if (this.#before !== undefined) await this.#clear();
    await this.#removeLeftovers();
    // The log comes first and goes last: by its first line a folder is known to be a training's.
    await this.write(RUN_FILES.log, textOfLine({ kind: 'run', ...facts, fingerprint }));
    await this.write(RUN_FILES.recipe, `${JSON.stringify(recipe, null, 2)}\n`);
  }

  /**
   * Writes a file that is there whole or not at all.
   *
   * @throws SandglassError DISK_FULL, OUTPUT_UNWRITABLE
   */
  async write(name: string, data: string | Uint8Array): Promise<void> {
    const path = this.file(name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomically(path, data);
    } catch (thrown) {
      throw runWriteError(thrown, path);
    }
  }

  /** Takes away rows that were kept on disk; and when not one step was done, all that was made for it. */
  async close(): Promise<void> {
    await removeFiles(this.file(RUN_FILES.scratch), isRowFile);
    if (this.log.isWritten) return;
    if (this.#began && this.#before === undefined) {
      await rm(this.file(RUN_FILES.recipe), { force: true });
      await rm(this.file(RUN_FILES.log), { force: true });
    }
    for (const folder of this.#missing) await removeIfEmpty(folder);
  }

  /** Undefined when a crash came before it was written: then nothing was trained. */
  async #recipeBefore(): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      return JSON.parse(await readFile(this.file(RUN_FILES.recipe), 'utf8')) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }

  #demandSame(before: Readonly<Record<string, unknown>>, recipe: RunSettings['recipe'], fingerprint: string): void {
    const others = [...new Set([...Object.keys(before), ...Object.keys(recipe)])].filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(recipe[key]),
    );
    if (this.#before?.fingerprint !== fingerprint) others.push('data');
    if (others.length === 0) return;
    throw new SandglassError(
      'OUTPUT_EXISTS',
      `${this.path} holds an unfinished training that was begun with other settings (${others.join(', ')}; see its recipe.json); ` +
        'go on with those, name another folder with --out, or train anew with --fresh.',
      { path: this.path },
    );
  }

  /** The manifest goes first: without it nothing is taken for finished. The log is replaced. */
  async #clear(): Promise<void> {
    await rm(this.file(RUN_FILES.manifest), { force: true });
    await removeFiles(this.file(RUN_FILES.sheets), isSheet);
    for (const name of await readdir(this.path)) {
      if (isRunFile(name) && name !== RUN_FILES.log) await rm(this.file(name), { force: true });
    }
  }

  /** What a process that was killed had begun to write. */
  async #removeLeftovers(): Promise<void> {
    await removeFiles(this.file(RUN_FILES.scratch), isRowFile);
    for (const name of await namesIn(this.path)) if (isLeftover(name)) await rm(this.file(name), { force: true });
    const halfSheet = (name: string) => isSheet(nameOfHalf(name) ?? '');
    await removeFiles(this.file(RUN_FILES.sheets), halfSheet);
  }
}

function isLeftover(name: string): boolean {
  return isRunFile(nameOfHalf(name) ?? '') && !isRunFile(name);
}

/** Folders on the way to `path`, itself included, that are not there; the innermost first. */
async function missingFolders(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'ENOENT') return undefined;
      throw runWriteError(thrown, path);
    });
    if (found?.isDirectory()) return missing;
    if (found !== undefined) {
      throw new SandglassError('OUTPUT_EXISTS', `Expected a folder but ${folder} is none; name another with --out.`, {
        path: folder,
      });
    }
    missing.push(folder);
    if (dirname(folder) === folder) return missing;
  }
}

async function demandWritable(folder: string, path: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (thrown) {
    throw runWriteError(thrown, path);
  }
}

/** Nothing where there is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw runWriteError(thrown, folder);
  }
}

/** The first line of a log, longer ones than this are none. */
const LONGEST_FIRST_LINE = 1 << 16;

async function firstLine(log: string): Promise<RunLine | undefined> {
  const file = await open(log, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_FIRST_LINE), 0, LONGEST_FIRST_LINE, 0);
    const line = JSON.parse(buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0]!) as RunLine | null;
    return line?.kind === 'run' ? line : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

async function removeFiles(folder: string, isOurs: (name: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) if (isOurs(name)) await rm(join(folder, name), { force: true });
  await removeIfEmpty(folder);
}

async function removeIfEmpty(folder: string): Promise<void> {
  // A folder that holds something else, or is none, stays.
  await rmdir(folder).catch(() => {});
}
