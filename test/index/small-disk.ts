// A real disk of a few hundred kilobytes, in memory, that fills up and can be made read-only: Linux and root only.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  makeReadOnly(): void;
  /** Of another size, and to be written again. */
  grow(kibibytes: number): void;
  /** Leaves the empty folder that it was mounted at. */
  unmount(): void;
  /** Puts an empty disk there again. */
  mount(): void;
  /** Takes the disk away, with all that is on it. */
  remove(): void;
}

/** Why no disk can be made here, or undefined when it can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'a disk in memory can only be mounted on Linux';
  if (process.getuid?.() !== 0) return 'only root can mount a disk';
  try {
    mountSmallDisk(64).remove();
    return undefined;
  } catch (thrown) {
    return `no disk can be mounted here: ${String(thrown)}`;
  }
}

/** @param at where it is mounted, in a folder that is there @default a new temporary folder */
export function mountSmallDisk(kibibytes: number, at?: string): SmallDisk {
  const path = at ?? mkdtempSync(join(tmpdir(), 'sandglass-disk-'));
  if (at !== undefined) mkdirSync(at);
  const mount = () => run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path);
  const unmount = () => run('umount', '-l', path);
  let isMounted = true;
  try {
    mount();
  } catch (thrown) {
    rmdirSync(path);
    throw thrown;
  }
  return {
    path,
    makeReadOnly: () => run('mount', '-o', 'remount,ro', path),
    grow: (more) => run('mount', '-o', `remount,rw,size=${more}k`, path),
    unmount: () => {
      unmount();
      isMounted = false;
    },
    mount: () => {
      mount();
      isMounted = true;
    },
    remove: () => {
      if (isMounted) unmount();
      rmdirSync(path);
    },
  };
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
