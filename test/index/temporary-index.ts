// Indexes in temporary folders, and items to put into them.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandglassError } from '../../src/errors.ts';
import { Catalog } from '../../src/index/catalog.ts';
import type { NewEncoder } from '../../src/index/encoder-table.ts';
import type { NewItem } from '../../src/index/items.ts';
import { createIndexDirectory, type IndexLayout } from '../../src/index/layout.ts';

const folders: string[] = [];
const catalogs: Catalog[] = [];

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-index-'));
  folders.push(folder);
  return folder;
}

/** A folder with an empty `.sandglass/` in it. */
export function temporaryIndex(): IndexLayout {
  return createIndexDirectory(join(temporaryFolder(), '.sandglass'));
}

/** Opens a catalog that {@link cleanUp} closes. */
export function opened(layout: IndexLayout, readOnly = false): Catalog {
  const catalog = Catalog.open(layout, { readOnly });
  catalogs.push(catalog);
  return catalog;
}

/** For `afterEach`. */
export function cleanUp(): void {
  for (const catalog of catalogs.splice(0)) catalog.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function textItem(rootId: number, path: string, more: Partial<NewItem> = {}): NewItem {
  return {
    rootId,
    path,
    kind: 'text',
    format: 'plain',
    size: 10,
    mtimeMs: 1_700_000_000_000.25,
    hash: sha256(path),
    ...more,
  };
}

export function textEncoder(name: string, more: Partial<NewEncoder> = {}): NewEncoder {
  return { method: 'ae', kind: 'text', fingerprint: sha256(name), form: 'float32', dimensions: 4, ...more };
}

/** The code of the SandglassError that `work` throws, or what happened instead. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof SandglassError ? thrown.code : `another error: ${String(thrown)}`;
  }
  return 'nothing was thrown';
}

export async function rejectionOf(work: Promise<unknown>): Promise<SandglassError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof SandglassError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown');
}

/** Runs a module in a process of its own, until it prints a line; `end` waits for its death. */
export async function childThatSays(
  line: string,
  source: string,
): Promise<{ kill(signal: NodeJS.Signals): void; end: Promise<string> }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complained = '';
  const end = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? String(code)));
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('\n').includes(line)) resolve();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complained += chunk.toString();
    });
    void end.then((how) => reject(new Error(`The process ended (${how}) before it said ${line}: ${complained}`)));
  });
  return { kill: (signal) => child.kill(signal), end };
}

/** The URL of a compiled source file, for the modules of child processes. */
export function compiled(name: string): string {
  return new URL(`../../dist/index/${name}.js`, import.meta.url).href;
}
