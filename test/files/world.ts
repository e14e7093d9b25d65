// A small folder of real files for one test, and the right to be somebody who may not read them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface World {
  readonly root: string;
  /** Writes a file, with the folders above it; returns its absolute path. */
  write(path: string, content: string | Uint8Array): string;
  path(path: string): string;
  remove(): void;
}

export function makeWorld(files: Readonly<Record<string, string | Uint8Array>> = {}): World {
  const root = mkdtempSync(join(tmpdir(), 'sandglass-test-'));
  chmodSync(root, 0o755);
  const world: World = {
    root,
    write(path, content) {
      const absolute = join(root, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
      return absolute;
    },
    path: (path) => join(root, path),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const [path, content] of Object.entries(files)) world.write(path, content);
  return world;
}

const NOBODY = 65_534;

/** Runs `work` as a user whom permissions hold for: root, whom nothing is forbidden, becomes nobody meanwhile. */
export async function withoutPrivileges<T>(work: () => Promise<T> | T): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

/** The file permissions of POSIX, FIFOs and odd names exist. */
export const isPosix = process.platform !== 'win32';
