// Keeps the code files of an index: written where opening them saves time, removed where they do not fit any more.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { writeError } from '../index/file-errors.ts';
import type { PackedForm } from '../index/packed-form.ts';
import { errnoOf } from '../output-error.ts';
import { searchedForm } from './code-precision.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

/** Codes from which a file is worth writing: fewer are read from the catalog in ten milliseconds. */
const WORTH = 5_000;

/** The setting that names another number of codes, in the catalog. */
const WORTH_SETTING = 'code-files-from';

export interface CodeFileOptions {
  readonly signal: AbortSignal;
  notice(text: string): void;
}

/**
 * Writes the code files that are missing or do not fit, and removes those that nobody would open. For the writer only. A disk
 * that is full is told and stops nothing: without the files, codes are read from the catalog.
 */
export async function refreshCodeFiles(workspace: Workspace, { signal, notice }: CodeFileOptions): Promise<void> {
  const { catalog } = workspace;
  const worth = catalog.settings.get<number>(WORTH_SETTING) ?? WORTH;
  const kept = new Set<string>();
  for (const encoder of catalog.encoders.list()) {
    if (encoder.state !== 'active') continue;
    for (const table of [catalog.codes, catalog.partCodes(encoder.kind)]) {
      let count: number | undefined;
      for (const form of formsOf(catalog, encoder)) {
        throwIfAborted(signal, 'Stopped while writing code files; the next run goes on from here.');
        if (table.checkFile(encoder.id, form).state !== 'ready') {
          count ??= table.count(encoder.id);
          if (count < worth) continue;
          try {
            table.writeFile(encoder.id, form);
          } catch (error) {
            if (!(error instanceof SandglassError && error.code === 'DISK_FULL')) throw error;
            notice(`Code files are left out, questions take a little longer: ${error.message}`);
            return;
          }
          // Whoever waits for this thread has a turn between two files.
          await setImmediate();
        }
        kept.add(table.fileName(encoder.id, form));
      }
    }
  }
  await removeOthers(workspace, kept);
}

/** The code files that are there of an encoder: their names, and whether what they hold is what was written. */
export async function checkCodeFiles(
  { catalog, layout }: Workspace,
  encoder: EncoderRecord,
): Promise<{ readonly name: string; readonly state: 'ready' | 'stale' | 'damaged'; readonly reason?: string }[]> {
  const present = new Set(await readdir(layout.codes).catch(() => []));
  return [catalog.codes, catalog.partCodes(encoder.kind)].flatMap((table) =>
    formsOf(catalog, encoder).flatMap((form) => {
      const name = table.fileName(encoder.id, form);
      if (!present.has(name)) return [];
      const { state, ...rest } = table.checkFile(encoder.id, form);
      return state === 'missing' ? [] : [{ name, state, ...('reason' in rest ? { reason: rest.reason } : {}) }];
    }),
  );
}

/** As they are compared; of an auto-encoder the signs too, which `ae-bits` ranks by. */
function formsOf(catalog: Catalog, encoder: EncoderRecord): readonly PackedForm[] {
  const form = searchedForm(catalog, encoder);
  const hasSigns = encoder.method === AUTO_ENCODER && encoder.form === 'float32';
  return hasSigns && form !== 'signs' ? [form, 'signs'] : [form];
}

async function removeOthers({ layout }: Workspace, kept: ReadonlySet<string>): Promise<void> {
  try {
    for (const name of await readdir(layout.codes))
      if (!kept.has(name)) await rm(join(layout.codes, name), { recursive: true, force: true });
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT') throw writeError(thrown, layout.codes);
  }
}
