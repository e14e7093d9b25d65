// Where things are by default: the nearest index, the user's own configuration.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
 * The index directory that `directory` means: itself, or `.sandglass/` in it when it is a folder that has one, or a folder
 * of other files, among which no index is to be made.
 */
export function locateIndex(directory: string): string {
  const layout = indexLayout(directory);
  const inner = join(layout.directory, INDEX_DIRECTORY);
  if (existsSync(layout.catalog)) return layout.directory;
  return existsSync(inner) || holdsOtherFiles(layout.directory) ? inner : layout.directory;
}

function holdsOtherFiles(directory: string): boolean {
  try {
    return readdirSync(resolve(directory)).some(
      (name) => !BEFORE_THE_CATALOG.has(name) && !name.startsWith('catalog.sqlite'),
    );
  } catch {
    return false;
  }
}
