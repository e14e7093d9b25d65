import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { moveFile, ReplacedError, sweepUnfinished } from '../../src/duplicates/move-file.ts';
import { folderOnOtherDisk, whyNoOtherDisk } from './other-disk.ts';

const folders: string[] = [];

function temporaryFolder(): string {
  folders.push(realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-move-'))));
  return folders.at(-1)!;
}

function otherFolder(): string {
  folders.push(folderOnOtherDisk());
  return folders.at(-1)!;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('Moving a file', () => {
  it('never replaces another', async () => {
    const folder = temporaryFolder();
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    writeFileSync(a, 'one');
    writeFileSync(b, 'other');
    await expect(moveFile(a, b, async () => true)).rejects.toMatchObject({ code: 'EEXIST' });
    expect([readFileSync(a, 'utf8'), readFileSync(b, 'utf8')]).toEqual(['one', 'other']);
  });

  it('leaves a file that was replaced in the meantime where it is', async () => {
    const folder = temporaryFolder();
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    writeFileSync(a, 'one');
    await expect(moveFile(a, b, async () => false)).rejects.toThrow(ReplacedError);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('takes its content along', async () => {
    const folder = temporaryFolder();
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    writeFileSync(a, 'one');
    await moveFile(a, b, async () => true);
    expect(readdirSync(folder)).toEqual(['b']);
    expect(readFileSync(b, 'utf8')).toBe('one');
  });
});

const absent = whyNoOtherDisk();
const onTwoDisks = absent === undefined ? describe : describe.skip;

/** Calls of the file system that moving to another disk makes, in their order or not. */
const STEPS = ['link', 'copyFile', 'chmod', 'utimes', 'open', 'rename', 'unlink'];

/** Moves a file in a process that kills itself before the given call, counting from 1. @returns false when it came to its end */
function moveAndKill(from: string, to: string, before: number): boolean {
  const script = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    let calls = 0;
    for (const step of ${JSON.stringify(STEPS)}) {
      const real = fs[step];
      fs[step] = (...args) => {
        if (++calls === ${before}) process.kill(process.pid, 'SIGKILL');
        return real(...args);
      };
    }
    syncBuiltinESMExports();
    const { moveFile } = await import(${JSON.stringify(new URL('../../dist/duplicates/move-file.js', import.meta.url).href)});
    await moveFile(${JSON.stringify(from)}, ${JSON.stringify(to)}, async () => true);
  `;
  const { signal, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL' && status !== 0) throw new Error(stderr);
  return signal === 'SIGKILL';
}

onTwoDisks(`Moving a file to another disk${absent === undefined ? '' : ` (skipped: ${absent})`}`, () => {
  it('replaces nothing, and leaves nothing half behind', async () => {
    const [a, b] = [join(temporaryFolder(), 'a'), join(otherFolder(), 'b')];
    writeFileSync(a, 'one');
    writeFileSync(b, 'other');
    await expect(moveFile(a, b, async () => true)).rejects.toMatchObject({ code: 'EEXIST' });
    expect([readFileSync(a, 'utf8'), readFileSync(b, 'utf8')]).toEqual(['one', 'other']);
    expect(readdirSync(join(b, '..'))).toEqual(['b']);
  });

  it('leaves a file alone whose copy is not what was meant, or that was written while it was copied', async () => {
    const [a, b] = [join(temporaryFolder(), 'a'), join(otherFolder(), 'b')];
    writeFileSync(a, 'one');
    await expect(moveFile(a, b, async () => false)).rejects.toThrow(ReplacedError);
    const write = async () => {
      writeFileSync(a, 'something longer');
      return true;
    };
    await expect(moveFile(a, b, write)).rejects.toThrow(ReplacedError);
    expect(readFileSync(a, 'utf8')).toBe('something longer');
    expect(readdirSync(join(b, '..'))).toEqual([]);
  });

  it('takes content, time and permissions along, also of a file that nobody may write', async () => {
    const [a, b] = [join(temporaryFolder(), 'a'), join(otherFolder(), 'b')];
    writeFileSync(a, 'one');
    utimesSync(a, 1_000_000, 2_000_000);
    chmodSync(a, 0o440);
    await moveFile(a, b, async () => true);
    expect(readdirSync(join(a, '..'))).toEqual([]);
    expect(readFileSync(b, 'utf8')).toBe('one');
    const { mode, mtimeMs } = statSync(b);
    expect([mode & 0o777, mtimeMs]).toEqual([0o440, 2_000_000_000]);
  });

  it('has it whole in one place or both, whenever the process is killed; what is half is swept away', async () => {
    const content = Buffer.alloc(300_000, 'sandglass');
    let killed = 0;
    for (let before = 1; ; before++) {
      const [a, b] = [join(temporaryFolder(), 'a'), join(otherFolder(), 'b')];
      writeFileSync(a, content);
      const wasKilled = moveAndKill(a, b, before);
      await sweepUnfinished(b);
      const left = [a, b].filter((path) => readdirSync(join(path, '..')).length > 0);
      expect(left.length).toBeGreaterThanOrEqual(1);
      for (const path of left) {
        expect(readdirSync(join(path, '..'))).toEqual([path === a ? 'a' : 'b']);
        expect(readFileSync(path).equals(content)).toBe(true);
      }
      if (!wasKilled) {
        expect(left).toEqual([b]);
        break;
      }
      killed++;
    }
    expect(killed).toBeGreaterThanOrEqual(STEPS.length - 1);
  });
});
