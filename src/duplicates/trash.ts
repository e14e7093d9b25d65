// The trash of the system: where a file goes that a person may want back.
//
// On Linux and the BSDs as freedesktop.org's "Trash specification" 1.0 says: the home trash for files on its disk, else a trash at
// the top of the file's own disk. On macOS the home folder's .Trash, for files on its disk. Other programs' trash (Windows'
// recycle bin) tells nobody where it puts a file, so that no run could be undone from it: there a folder has to be named.
import { accessSync, constants, lstatSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { SandglassError } from '../errors.ts';

/** One trash. */
export interface Trash {
  /** Where trashed files lie. */
  readonly files: string;
  /** Where a note for each file lies; undefined where the system keeps none. */
  readonly notes: string | undefined;
  /** The folder that paths in notes are relative to; undefined for absolute ones. */
  readonly top: string | undefined;
}

/** A free place in a trash. */
export interface TrashPlace {
  readonly file: string;
  readonly note?: { readonly path: string; readonly text: string };
}

/**
 * The trash that a file goes to; it is made where there is none yet.
 *
 * @throws SandglassError TRASH_UNAVAILABLE with the reason and what to do instead
 */
export function trashFor(path: string, environment: NodeJS.ProcessEnv = process.env): Trash {
  if (process.platform === 'win32') throw unavailable(path, 'the recycle bin cannot be undone from');
  if (process.platform === 'darwin') {
    const files = join(homeFolder(path, environment), '.Trash');
    if (!isOnDiskOf(files, path)) throw unavailable(path, 'it is on another disk than the trash');
    return usable({ files, notes: undefined, top: undefined }, path);
  }
  const data = environment.XDG_DATA_HOME;
  const homeTrash = join(
    data?.startsWith('/') ? data : join(homeFolder(path, environment), '.local', 'share'),
    'Trash',
  );
  if (isOnDiskOf(homeTrash, path)) return usable(trashIn(homeTrash, undefined), path);
  const top = topOfDisk(path);
  return usable(trashIn(sharedTrash(top) ?? join(top, `.Trash-${userId()}`), top), path);
}

/** A place in a trash that is free now. @param when the time for the note */
export function placeInTrash({ files, notes, top }: Trash, path: string, when: Date): TrashPlace {
  const extension = extname(path);
  const stem = basename(path, extension);
  for (let number = 1; ; number++) {
    const name = number === 1 ? basename(path) : `${stem}.${number}${extension}`;
    const file = join(files, name);
    const note = notes === undefined ? undefined : join(notes, `${name}.trashinfo`);
    if (exists(file) || (note !== undefined && exists(note))) continue;
    return note === undefined ? { file } : { file, note: { path: note, text: noteText(path, top, when) } };
  }
}

function homeFolder(path: string, { HOME }: NodeJS.ProcessEnv): string {
  try {
    const home = HOME ?? homedir();
    if (isAbsolute(home)) return home;
  } catch {
    // a user whom the system does not know
  }
  throw unavailable(path, 'there is no home folder (HOME)');
}

function trashIn(folder: string, top: string | undefined): Trash {
  return { files: join(folder, 'files'), notes: join(folder, 'info'), top };
}

function usable(trash: Trash, path: string): Trash {
  for (const folder of [trash.files, ...(trash.notes === undefined ? [] : [trash.notes])]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (thrown) {
      throw unavailable(path, `${folder} cannot be written (${thrown instanceof Error ? thrown.message : thrown})`);
    }
  }
  return trash;
}

/** `$top/.Trash/$uid`, where an administrator has made `.Trash` as the specification wants it: no link, and sticky. */
function sharedTrash(top: string): string | undefined {
  const shared = join(top, '.Trash');
  try {
    const found = lstatSync(shared);
    return found.isDirectory() && (found.mode & 0o1000) !== 0 ? join(shared, String(userId())) : undefined;
  } catch {
    return undefined;
  }
}

/** Percent-encoded as in URLs, the time without its zone, as the specification wants both. */
function noteText(path: string, top: string | undefined, when: Date): string {
  const written = top === undefined ? resolve(path) : relative(top, path);
  const local = new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  return `[Trash Info]\nPath=${written.split(sep).map(encodeURIComponent).join('/')}\nDeletionDate=${local}\n`;
}

/** True when what will be `folder`, or the nearest folder above that there is, lies on the disk of `path`. */
function isOnDiskOf(folder: string, path: string): boolean {
  return deviceOf(folder) === statSync(dirname(path)).dev;
}

function deviceOf(path: string): number {
  try {
    return statSync(path).dev;
  } catch {
    const parent = dirname(path);
    return parent === path ? -1 : deviceOf(parent);
  }
}

function topOfDisk(path: string): string {
  let folder = resolve(dirname(path));
  for (const { dev } = statSync(folder); ; ) {
    const parent = dirname(folder);
    if (parent === folder || statSync(parent).dev !== dev) return folder;
    folder = parent;
  }
}

function userId(): number {
  return process.getuid?.() ?? 0;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function unavailable(path: string, reason: string): SandglassError {
  return new SandglassError(
    'TRASH_UNAVAILABLE',
    `The system's trash cannot take ${path}: ${reason}. Nothing was moved; name a folder with --to.`,
    { path },
  );
}
