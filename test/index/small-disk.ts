// A real disk of a few hundred kilobytes, in memory, that fills up and can be made read-only: Linux and root only.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly path: string;
  makeReadOnly(): void;
  grow(kibibytes: number): void;
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

export function mountSmallDisk(kibibytes: number): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'sandglass-disk-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', path);
  } catch (thrown) {
    rmdirSync(path);
    throw thrown;
  }
  return {
    path,
    makeReadOnly: () => run('mount', '-o', 'remount,ro', path),
    grow: (more) => run('mount', '-o', `remount,size=${more}k`, path),
    remove: () => {
      run('umount', '-l', path);
      rmdirSync(path);
    },
  };
}

function run(command: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
