// The folder of one training: its recipe, a line for each step, sheets, the encoder and the decoder, checkpoints until then.
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { writeFileAtomically } from '../atomic-file.ts';
import { SandglassError } from '../errors.ts';

/** Names in the folder of a training. */
export const RUN_FILES = {
  recipe: 'recipe.json',
  log: 'run.jsonl',
  manifest: 'manifest.json',
  encoder: 'encoder.onnx',
  decoder: 'decoder.onnx',
  vocabulary: 'vocabulary.txt',
  sheets: 'sheets',
  scratch: 'rows',
} as const;

/** One line of run.jsonl. */
export type RunLine =
  | { readonly kind: 'run' | 'resume' | 'end'; readonly [fact: string]: unknown }
  | { readonly kind: 'step'; readonly stage: number; readonly step: number; readonly [fact: string]: unknown }
  | { readonly kind: 'epoch'; readonly stage: number; readonly step: number; readonly [fact: string]: unknown };

export class RunFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens a folder for a training, or makes it. What an earlier one left is gone on with, or forgotten when `fresh`.
   *
   * @throws SandglassError OUTPUT_EXISTS when it holds something else, or a training that is finished; OUTPUT_UNWRITABLE
   */
  static async open(path: string, fresh: boolean): Promise<RunFolder> {
    try {
      await mkdir(path, { recursive: true });
      const names = await readdir(path);
      const ours = names.includes(RUN_FILES.recipe) || names.length === 0;
      if (!ours) {
        throw new SandglassError(
          'OUTPUT_EXISTS',
          `Expected an empty folder or one of an earlier training but ${path} holds other files; name another with --out.`,
          { path },
        );
      }
      const folder = new RunFolder(path);
      if (fresh) await folder.#clear();
      else if (names.includes(RUN_FILES.manifest)) {
        throw new SandglassError(
          'OUTPUT_EXISTS',
          `${path} holds a training that is finished; name another folder with --out, or train anew with --fresh.`,
          { path },
        );
      }
      return folder;
    } catch (thrown) {
      throw writeError(thrown, path);
    }
  }

  file(name: string): string {
    return join(this.path, name);
  }

  has(name: string): boolean {
    return existsSync(this.file(name));
  }

  /** Writes a file that is there whole or not at all. */
  async write(name: string, data: string | Uint8Array): Promise<void> {
    try {
      await mkdir(join(this.file(name), '..'), { recursive: true });
      await writeFileAtomically(this.file(name), data);
    } catch (thrown) {
      throw writeError(thrown, this.file(name));
    }
  }

  /** Adds lines to run.jsonl. */
  async log(lines: readonly RunLine[]): Promise<void> {
    if (lines.length === 0) return;
    const path = this.file(RUN_FILES.log);
    try {
      await appendFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    } catch (thrown) {
      throw writeError(thrown, path);
    }
  }

  /** Drops the lines of steps after `step` of a stage: they are done again. A line cut off by a crash goes too. */
  async forgetSteps(stage: number, step: number): Promise<void> {
    const path = this.file(RUN_FILES.log);
    if (!existsSync(path)) return;
    const kept = `${path}.unfinished`;
    try {
      const out = createWriteStream(kept);
      for await (const text of createInterface({
        input: createReadStream(path),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        const line = parseLine(text);
        if (line !== undefined && !isAfter(line, stage, step) && !out.write(`${text}\n`)) {
          await once(out, 'drain');
        }
      }
      out.end();
      await finished(out);
      await rename(kept, path);
    } catch (thrown) {
      await rm(kept, { force: true });
      throw writeError(thrown, path);
    }
  }

  async readText(name: string): Promise<string | undefined> {
    return this.has(name) ? readFile(this.file(name), 'utf8') : undefined;
  }

  async #clear(): Promise<void> {
    for (const name of await readdir(this.path)) {
      if (isOurs(name)) await rm(this.file(name), { recursive: true, force: true });
    }
  }
}

/** Names that a training makes: nothing else is removed. */
function isOurs(name: string): boolean {
  const known: readonly string[] = Object.values(RUN_FILES);
  return known.includes(name) || /\.(safetensors|png)$/.test(name) || name.endsWith('.unfinished');
}

function parseLine(text: string): RunLine | undefined {
  try {
    return JSON.parse(text) as RunLine;
  } catch {
    return undefined;
  }
}

function isAfter(line: RunLine, stage: number, step: number): boolean {
  if (line.kind !== 'step' && line.kind !== 'epoch') return false;
  const place = line as { stage: number; step: number };
  return place.stage > stage || (place.stage === stage && place.step > step);
}

/** What to throw when `path` could not be written. */
function writeError(thrown: unknown, path: string): unknown {
  if (thrown instanceof SandglassError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | undefined)?.code;
  if (code === undefined) return thrown;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new SandglassError(
        'DISK_FULL',
        `The disk is full: ${path} cannot be written. Free some space and train again to go on.`,
        { path, cause: thrown },
      )
    : new SandglassError('OUTPUT_UNWRITABLE', `${path} cannot be written (${code}); name another folder with --out.`, {
        path,
        cause: thrown,
      });
}
