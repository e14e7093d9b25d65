// What the folders of files say: which class a file is of, and which files are for testing.
import { counted } from './opening.ts';
import type { Split } from './split.ts';

const FEWEST_CLASSES = 2;
const MOST_CLASSES = 1_000;
/** Of files in class folders, at most this share may lie beside the folders: a read-me, a licence. */
const STRAY_SHARE = 0.02;

export interface FileClasses {
  readonly names: readonly string[];
  /** A place in `names` for each file; -1 for one that lies beside the class folders. */
  readonly ofFiles: Int32Array;
  readonly notice?: string;
}

/**
 * The classes of files by the last folder they lie in; undefined unless all (but a stray few) lie in 2 to 1,000 folders. A
 * file beside such folders, not in one, is a stray.
 *
 * @param paths relative, with '/'
 */
export function classesOf(paths: readonly string[]): FileClasses | undefined {
  const folders = paths.map((path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
  const above = foldersAbove(new Set(folders));
  const isStray = folders.map((folder) => folder === '' || above.has(folder));
  const strays = paths.filter((_, file) => isStray[file]);
  if (strays.length > paths.length * STRAY_SHARE) return undefined;
  const classes = folders.map((folder, file) => (isStray[file] ? undefined : folder.split('/').at(-1)));
  const names = [...new Set(classes.filter((name) => name !== undefined))].sort();
  if (names.length < FEWEST_CLASSES || names.length > MOST_CLASSES) return undefined;
  const placeOf = new Map(names.map((name, place) => [name, place]));
  const ofFiles = Int32Array.from(classes, (name) => (name === undefined ? -1 : placeOf.get(name)!));
  if (strays.length === 0) return { names, ofFiles };
  const shown = strays.slice(0, 3).join(', ') + (strays.length > 3 ? ', …' : '');
  return { names, ofFiles, notice: `${counted(strays.length, 'file')} beside the class folders left out: ${shown}.` };
}

/** Every folder that one of these lies in. */
function foldersAbove(folders: ReadonlySet<string>): Set<string> {
  const above = new Set<string>();
  for (const folder of folders) {
    for (let at = folder.lastIndexOf('/'); at > 0; at = folder.lastIndexOf('/', at - 1)) above.add(folder.slice(0, at));
  }
  return above;
}

const TRAIN = /(?:^|[-_. ])train(?:ing)?$/i;
const TEST = /(?:^|[-_. ])test(?:ing)?$/i;

/** The split that two folders `train` and `test` (or `…-train` and `…-test`), with all files in them, make. */
export function givenSplit(paths: readonly string[]): Split | undefined {
  const tops = new Set<string>();
  for (const path of paths) {
    const slash = path.indexOf('/');
    if (slash < 0) return undefined;
    tops.add(path.slice(0, slash));
    if (tops.size > 2) return undefined;
  }
  const train = [...tops].find((top) => TRAIN.test(top));
  const test = [...tops].find((top) => TEST.test(top));
  if (train === undefined || test === undefined) return undefined;
  return Uint8Array.from(paths, (path) => (path.startsWith(`${test}/`) ? 1 : 0));
}
