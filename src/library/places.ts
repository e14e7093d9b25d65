// Where things are by default: the nearest index, the user's own configuration.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import envPaths from 'env-paths';
import { findIndexDirectory, INDEX_DIRECTORY, indexLayout } from '../index/layout.ts';

/** What an index directory may hold before its catalog is there. */
const BEFORE_THE_CATALOG: ReadonlySet<string> = new Set([
  '.gitignore',
  'config.json',
  'encoders',
  'hnsw',
  'writer.json',
  'writer.lock',
]);

/** The nearest index directory in `from` or a folder above it, or undefined. */
export function findIndex(from: string): string | undefined {
  return findIndexDirectory(from);
}

/** The folder of the user's own `config.json` and `ignore` file: on Linux $XDG_CONFIG_HOME/sandglass. */
export function userConfigDirectory(): string {
  return envPaths('sandglass', { suffix: '' }).config;
}

/**
 * The index directory that `directory` means: itself when it is one, is called `.sandglass` or is not there; otherwise it is
 * a folder, and the index is `.sandglass/` in it.
 */
export function locateIndex(directory: string): string {
  const layout = indexLayout(directory);
  const isIndex =
    existsSync(layout.catalog) || basename(layout.directory) === INDEX_DIRECTORY || !isFolderOfFiles(layout.directory);
  return isIndex ? layout.directory : join(layout.directory, INDEX_DIRECTORY);
}

/** True for a folder, unless all that it holds is what an index directory holds before its catalog. */
function isFolderOfFiles(directory: string): boolean {
  try {
    const names = readdirSync(directory);
    return names.length === 0 || names.some((name) => !BEFORE_THE_CATALOG.has(name));
  } catch {
    return false;
  }
}
