// What a folder holds, in one fixed order: names of files and of folders, and those that are no text.
import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync } from 'node:fs';
import { SandglassError } from '../errors.ts';
import type { FolderRules } from './folder-rules.ts';
import { IGNORE_FILES } from './ignore-rules.ts';

/** A name that is not UTF-8: readable enough to match patterns, and escaped to be shown. */
export interface IllegibleName {
  readonly lossy: string;
  readonly escaped: string;
  readonly folder: boolean;
}

export interface Listing {
  /** Names of regular files and of folders that the rules take, sorted by their bytes. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly ignoreFiles: readonly string[];
  readonly illegible: readonly IllegibleName[];
}

/** Links, sockets, pipes and devices are passed over. @throws what node:fs throws */
export function listFolder(absolute: string, rules: FolderRules): Listing {
  const found: Dirent<Buffer>[] = readdirSync(absolute, { withFileTypes: true, encoding: 'buffer' });
  found.sort((a, b) => Buffer.compare(a.name, b.name));

  const files: string[] = [];
  const folders: string[] = [];
  const ignoreFiles: string[] = [];
  const illegible: IllegibleName[] = [];
  for (const entry of found) {
    const isFolder = entry.isDirectory();
    if (!isFolder && !entry.isFile()) continue;
    const name = entry.name.toString('utf8');
    if (!isFolder && IGNORE_FILES.includes(name)) ignoreFiles.push(name);
    if (!rules.takesName(name, isFolder)) continue;
    if (!isUtf8(entry.name)) illegible.push({ lossy: name, escaped: escapeBytes(entry.name), folder: isFolder });
    else (isFolder ? folders : files).push(name);
  }
  return { files, folders, ignoreFiles, illegible };
}

/** What is said of a name that is not UTF-8. */
export function notUtf8(path: string, folder: boolean): SandglassError {
  const what = folder
    ? 'The name of the folder is not valid UTF-8 and nothing in it is read'
    : 'The name is not valid UTF-8';
  return new SandglassError('NAME_NOT_UTF8', `${what}; rename it to have it indexed.`, { path });
}

function escapeBytes(name: Uint8Array): string {
  return Array.from(name, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
}
