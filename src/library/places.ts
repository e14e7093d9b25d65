// Where things are by default: the nearest index, the user's own configuration.
import envPaths from 'env-paths';
import { findIndexDirectory } from '../index/layout.ts';

/** The nearest index directory in `from` or a folder above it, or undefined. */
export function findIndex(from: string): string | undefined {
  return findIndexDirectory(from);
}

/** The folder of the user's own `config.json` and `ignore` file: on Linux $XDG_CONFIG_HOME/sandglass. */
export function userConfigDirectory(): string {
  return envPaths('sandglass', { suffix: '' }).config;
}
