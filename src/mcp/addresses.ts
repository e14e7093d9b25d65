// How files are named to a client: by the indexed folder and the path in it, never by where they lie on this machine.
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import * as z from 'zod';
import { type IndexedFolder, SandglassError } from '../sandglass.ts';

/** What names an indexed file. */
export const ADDRESS = {
  folder: z.string().describe('Name of the indexed folder, as status lists it'),
  path: z.string().describe("Path in that folder, with '/'"),
} as const;

export interface Address {
  readonly folder: string;
  readonly path: string;
}

/** The names of the indexed folders: the last part of each path; two of one name are told apart by a number. */
export class Addresses {
  readonly #folders: readonly { readonly name: string; readonly path: string }[];

  constructor(folders: readonly Pick<IndexedFolder, 'path'>[]) {
    const used = new Set<string>();
    this.#folders = folders.map(({ path }) => {
      const base = basename(path) || path;
      let name = base;
      for (let number = 2; used.has(name); number++) name = `${base} (${number})`;
      used.add(name);
      return { name, path };
    });
  }

  /** The name of an indexed folder. */
  nameOf(folder: string): string {
    return this.#folders.find(({ path }) => path === folder)?.name ?? basename(folder);
  }

  /** The address of an indexed file. */
  of(file: string): Address {
    for (const { name, path } of this.#folders) {
      const below = relative(path, file);
      // A file that was indexed by itself is its own folder.
      if (below === '') return { folder: name, path: basename(file) };
      if (below.split(sep)[0] !== '..' && !isAbsolute(below)) return { folder: name, path: below.split(sep).join('/') };
    }
    return { folder: '', path: basename(file) };
  }

  /**
   * Where a file with this address would lie; only what the index knows may be read there.
   *
   * @param address without a folder where only one is indexed
   * @throws SandglassError SETTING_INVALID for a folder that is not indexed, or none where there are several
   */
  pathOf({ folder, path }: { readonly folder?: string | undefined; readonly path: string }): string {
    const names = this.#folders.map(({ name }) => JSON.stringify(name)).join(', ');
    const candidates = folder === undefined ? this.#folders : this.#folders.filter(({ name }) => name === folder);
    const [only, ...others] = candidates;
    if (only === undefined)
      throw new SandglassError(
        'SETTING_INVALID',
        `Expected folder to be one of ${names || 'none'} but received ${JSON.stringify(folder)}.`,
      );
    if (others.length > 0)
      throw new SandglassError(
        'SETTING_INVALID',
        `Several folders are indexed: name the one of ${path} in folder: ${names}.`,
      );
    return join(only.path, path);
  }
}
