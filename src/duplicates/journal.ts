// The journal of an applied plan: a line before each step and one after it, on the disk before anything moves.
import { type FileHandle, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';
import { errnoOf } from '../output-error.ts';

/** The first line. */
export interface RunStart {
  readonly schema: 1;
  readonly run: string;
  /** ISO 8601. */
  readonly at: string;
  /** `trash`, or the folder that files were moved to. */
  readonly to: string;
}

/** A file that is about to be moved. */
export interface JournalMove {
  readonly step: 'move';
  readonly number: number;
  /** Absolute. */
  readonly from: string;
  readonly to: string;
  readonly hash: string;
  /** The note that the trash keeps of it. */
  readonly note?: string;
}

export type JournalLine =
  | JournalMove
  | { readonly step: 'moved' | 'failed' | 'restored'; readonly number: number }
  | { readonly step: 'end' };

/** What a journal says of one file. */
export interface JournalEntry extends JournalMove {
  /** The last thing that was said: `move` when the process ended in between. */
  readonly state: 'move' | 'moved' | 'failed' | 'restored';
}

export interface JournalRecord extends RunStart {
  readonly entries: readonly JournalEntry[];
}

const ENDING = '.jsonl';

/** Writes a journal; every line is on the disk when `write` has come back. */
export class Journal {
  readonly run: string;
  readonly #file: FileHandle;

  private constructor(run: string, file: FileHandle) {
    this.run = run;
    this.#file = file;
  }

  /** Begins the journal of a new run. @param folder where journals lie; made when absent */
  static async begin(folder: string, start: Omit<RunStart, 'schema' | 'run'>): Promise<Journal> {
    await mkdir(folder, { recursive: true });
    const stamp = start.at.replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
    for (let number = 1; ; number++) {
      const run = number === 1 ? stamp : `${stamp}-${number}`;
      try {
        const journal = new Journal(run, await open(fileOf(folder, run), 'ax'));
        await journal.#append({ schema: 1, run, ...start });
        await syncFolder(folder);
        await syncFolder(dirname(folder));
        return journal;
      } catch (thrown) {
        if (errnoOf(thrown) !== 'EEXIST') throw thrown;
      }
    }
  }

  /** Goes on with the journal of an earlier run. */
  static async reopen(folder: string, run: string): Promise<Journal> {
    const journal = new Journal(run, await open(fileOf(folder, run), 'a'));
    // a process that was killed may have left half a line
    await journal.#file.appendFile('\n');
    return journal;
  }

  write(line: JournalLine): Promise<void> {
    return this.#append(line);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #append(line: object): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(line)}\n`);
    await this.#file.datasync();
  }
}

/**
 * What a journal says, file by file.
 *
 * @throws SandglassError RUN_UNKNOWN when there is none of that name, or it is none
 */
export async function readJournal(folder: string, run: string): Promise<JournalRecord> {
  let text: string;
  try {
    if (!/^[\w-]+$/.test(run)) throw new Error('no such name');
    text = await readFile(fileOf(folder, run), 'utf8');
  } catch (thrown) {
    const known = (await listRuns(folder)).join(', ') || 'none';
    throw new SandglassError('RUN_UNKNOWN', `There is no run "${run}". Known runs: ${known}.`, { cause: thrown });
  }
  const [start, ...lines] = text.split('\n').flatMap(parsed) as [RunStart | undefined, ...JournalLine[]];
  if (start?.schema !== 1 || start.run !== run)
    throw new SandglassError('RUN_UNKNOWN', `The journal of run ${run} cannot be read.`, { path: fileOf(folder, run) });
  const entries = new Map<number, JournalEntry>();
  for (const line of lines) {
    if (line.step === 'end') continue;
    if (line.step === 'move') entries.set(line.number, { ...line, state: 'move' });
    else {
      const entry = entries.get(line.number);
      if (entry) entries.set(line.number, { ...entry, state: line.step });
    }
  }
  return { ...start, entries: [...entries.values()] };
}

/** The names of the runs, the first one first. */
export async function listRuns(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

/** A line that was cut off by the end of its process says nothing: what it was about had not begun. */
function parsed(line: string): unknown[] {
  if (line.trim() === '') return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

function fileOf(folder: string, run: string): string {
  return join(folder, `${run}${ENDING}`);
}
