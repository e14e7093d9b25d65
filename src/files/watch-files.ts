// Follows the changes in a folder as the system tells of them. The only importer of chokidar.
import { readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { FolderRules } from './folder-rules.ts';
import { type FollowedFolder, type FollowOptions, watchTrouble } from './follow-folder.ts';
import { IGNORE_FILES } from './ignore-rules.ts';

/** When a new folder is looked at once more: what came into it while it was not followed yet is told by nobody. */
const LOOK_AGAIN_MS = 1_500;

/**
 * Follows a folder and those in it, one watch a folder and none a file: a hundred thousand files cost a few thousand watches.
 * What is told is where to look, not what happened; a folder that was made or moved here is told of as a whole.
 *
 * @param root absolute path of a folder
 */
export function watchFiles(
  root: string,
  { walk, leaveOut, onChange, onLost, onTrouble }: FollowOptions,
): FollowedFolder {
  const rules = new FolderRules(root, walk);
  const again = new Set<NodeJS.Timeout>();
  const followed = new Set<string>();
  let isReady = false;
  let isClosed = false;

  const below = (absolute: string): string => relative(root, absolute).split(sep).join('/');
  const isLeftOut = (absolute: string, isFolder: boolean): boolean => {
    if (absolute === root) return false;
    if (!isFolder || leaveOut(absolute)) return true;
    const folder = `${below(absolute)}/`;
    const name = basename(absolute);
    return !rules.takesName(name, true) || !rules.takesFolder(folder);
  };
  const told = (absolute: string): void => {
    if (isClosed || leaveOut(absolute)) return;
    const path = below(absolute);
    if (path === '..' || path.startsWith('../')) return;
    if (!IGNORE_FILES.includes(basename(absolute))) {
      onChange(path);
      return;
    }
    // Other files of its folder may be left out now, or let in.
    rules.forget();
    onChange(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  };
  const onFolder = (absolute: string): void => {
    followed.add(absolute);
    if (!isReady) return;
    told(absolute);
    const timer = setTimeout(() => {
      again.delete(timer);
      told(absolute);
      for (const inner of foldersIn(absolute)) if (!followed.has(inner)) watcher.add(inner);
    }, LOOK_AGAIN_MS);
    again.add(timer);
  };

  const watcher: FSWatcher = watch(root, {
    // Only folders are followed; before a path was looked at, its name alone does not tell.
    ignored: (absolute, stats) => stats !== undefined && isLeftOut(absolute, stats.isDirectory()),
    followSymlinks: false,
    ignorePermissionErrors: true,
    // Else names of some editors' temporary files are left out, folders of such names too.
    atomic: false,
  });
  let onReady = (): void => {};
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  watcher.once('ready', () => {
    isReady = true;
    onReady();
  });
  watcher.on('addDir', onFolder);
  watcher.on('unlinkDir', (absolute) => {
    followed.delete(absolute);
    told(absolute);
  });
  watcher.on('raw', (event, name, details) => {
    const folder = (details as { readonly watchedPath?: string }).watchedPath ?? root;
    // Of what happens to a folder itself, systems tell under its own name.
    if (event === 'rename' && folder === root && name === basename(root) && !isClosed) onLost();
    told(typeof name === 'string' && name !== '' ? join(folder, name) : folder);
  });
  watcher.on('error', (error) => {
    const why = watchTrouble(error, root);
    if (why !== undefined && !isClosed) onTrouble(why);
  });
  return {
    ready,
    async close() {
      isClosed = true;
      for (const timer of again) clearTimeout(timer);
      await watcher.close();
      onReady();
    },
  };
}

function foldersIn(absolute: string): string[] {
  try {
    const found = readdirSync(absolute, { withFileTypes: true });
    return found.filter((entry) => entry.isDirectory()).map((entry) => join(absolute, entry.name));
  } catch {
    return [];
  }
}
