// Which files and folders below one root are walked: names, hidden ones, ignore files, patterns.
import { join } from 'node:path';
import envPaths from 'env-paths';
import { enterFolder, IGNORE_FILES, type IgnoreLayers, isIgnored, layersAround, readPatterns } from './ignore-rules.ts';
import { type NameFilter, nameFilter } from './name-filter.ts';

export interface RuleOptions {
  /** Walk files and folders whose name begins with a dot. @default false */
  readonly hidden?: boolean;
  /** Read no ignore file, and walk `node_modules`. @default false */
  readonly noIgnore?: boolean;
  /** Only files that match one of these patterns (see name-filter.ts). @default [] (all) */
  readonly glob?: readonly string[];
  /** No file or folder that matches one of these. @default [] */
  readonly exclude?: readonly string[];
  /** The user's own ignore file; `null` for none. @default `ignore` in the user's configuration folder of Sandglass */
  readonly globalIgnoreFile?: string | null;
}

const NEVER_WALKED: ReadonlySet<string> = new Set([
  '.git',
  '.sandglass',
  '@eaDir',
  'System Volume Information',
  '$RECYCLE.BIN',
]);
const NOT_WALKED_BY_DEFAULT: ReadonlySet<string> = new Set(['node_modules']);

/**
 * The rules of one root. Paths are relative to it, with '/'; folders here end with one, but for the root, ''. What ignore files
 * say is read once a folder.
 */
export class FolderRules {
  readonly #top: string;
  readonly #options: RuleOptions;
  readonly #filter: NameFilter;
  readonly #layers = new Map<string, IgnoreLayers>();

  /** @param top absolute path of the root, a folder @throws TypeError for an empty pattern */
  constructor(top: string, options: RuleOptions) {
    this.#top = top;
    this.#options = options;
    this.#filter = nameFilter(options.glob ?? [], options.exclude ?? []);
  }

  /** False for names that are left out whatever the patterns say. */
  takesName(name: string, isFolder: boolean): boolean {
    if (name.startsWith('.') && !this.#options.hidden) return false;
    return !isFolder || (!NEVER_WALKED.has(name) && (this.#options.noIgnore || !NOT_WALKED_BY_DEFAULT.has(name)));
  }

  /** Whether the patterns let a file through, in a folder that is walked. */
  takesFile(path: string): boolean {
    return this.#filter.acceptsFile(path) && !isIgnored(this.layersIn(folderOf(path)), path);
  }

  /** Whether the patterns let a folder through, in a folder that is walked. */
  takesFolder(folder: string): boolean {
    return this.#filter.acceptsFolder(folder.slice(0, -1)) && !isIgnored(this.layersIn(folderOf(folder)), folder);
  }

  /** Whether a walk from the root would enter the folder, as far as names tell. */
  reaches(folder: string): boolean {
    if (folder === '') return true;
    const above = folderOf(folder);
    return this.reaches(above) && this.takesName(folder.slice(above.length, -1), true) && this.takesFolder(folder);
  }

  /**
   * The layers of ignore files that hold in a folder.
   *
   * @param listed the ignore files that the folder has, where that is known @default those that can be read
   * @param onUnreadable told of an ignore file that cannot be read, which then says nothing
   */
  layersIn(
    folder: string,
    listed?: readonly string[],
    onUnreadable?: (path: string, error: unknown) => void,
  ): IgnoreLayers {
    const known = this.#layers.get(folder);
    if (known !== undefined) return known;
    const above = folder === '' ? this.#around() : this.layersIn(folderOf(folder));
    let patterns = '';
    for (const name of this.#options.noIgnore ? [] : IGNORE_FILES.filter((name) => listed?.includes(name) ?? true)) {
      try {
        patterns += `${readPatterns(join(this.#top, folder, name))}\n`;
      } catch (error) {
        onUnreadable?.(folder + name, error);
      }
    }
    const layers = enterFolder(above, folder, patterns);
    this.#layers.set(folder, layers);
    return layers;
  }

  /** Lets go of what is known of a folder, once nothing in it is asked for any more; all of it by default. */
  forget(folder?: string): void {
    if (folder === undefined) this.#layers.clear();
    else this.#layers.delete(folder);
  }

  #around(): IgnoreLayers {
    const { noIgnore, globalIgnoreFile } = this.#options;
    if (noIgnore) return [];
    const own =
      globalIgnoreFile === undefined ? join(envPaths('sandglass', { suffix: '' }).config, 'ignore') : globalIgnoreFile;
    return layersAround(this.#top, own ?? undefined);
  }
}

/** The folder that a file or a folder lies in: '' or with a trailing '/'. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/', path.length - 2) + 1);
}
