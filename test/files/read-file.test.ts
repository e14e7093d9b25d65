// readRegularFile: whatever stands at a path, an answer comes, and it is about regular files only.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Admit, HEAD_BYTES, readRegularFile } from '../../src/files/read-file.ts';
import { isPosix, makeWorld, type World, withoutPrivileges } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const anything: Admit = () => Number.POSITIVE_INFINITY;

function codeOf(path: string, admit = anything): string {
  try {
    readRegularFile(path, admit);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('what cannot be read', () => {
  it('says that a file is gone, also when the folder above it became a file', () => {
    const file = world.write('a.txt', 'x');
    expect(codeOf(`${file}/b.txt`)).toBe('FILE_VANISHED');
    rmSync(file);
    expect(codeOf(file)).toBe('FILE_VANISHED');
  });

  (isPosix ? it : it.skip)('says that a file may not be read', async () => {
    const file = world.write('a.txt', 'x');
    chmodSync(file, 0o000);
    expect(await withoutPrivileges(() => codeOf(file))).toBe('FILE_UNREADABLE');
  });

  it('refuses a folder that is named like a picture', () => {
    mkdirSync(world.path('photo.jpg'));
    expect(codeOf(world.path('photo.jpg'))).toBe('FILE_NOT_REGULAR');
  });

  (isPosix ? it : it.skip)('refuses a pipe without waiting for a writer', () => {
    execFileSync('mkfifo', [world.path('pipe.txt')]);
    expect(codeOf(world.path('pipe.txt'))).toBe('FILE_NOT_REGULAR');
  });

  (isPosix ? it : it.skip)('refuses sockets and devices', async () => {
    const server = createServer();
    await new Promise<void>((ready) => server.listen(world.path('socket.txt'), ready));
    expect(codeOf(world.path('socket.txt'))).toBe('FILE_NOT_REGULAR');
    await new Promise((closed) => server.close(closed));
    expect(codeOf('/dev/zero')).toBe('FILE_NOT_REGULAR');
  });

  (isPosix ? it : it.skip)('refuses links that turn in a circle', () => {
    symlinkSync(world.path('b'), world.path('a'));
    symlinkSync(world.path('a'), world.path('b'));
    expect(codeOf(world.path('a'))).toBe('FILE_UNREADABLE');
  });

  it('refuses a text of 500 MB after its first bytes', () => {
    const file = world.write('big.txt', 'words');
    truncateSync(file, 500_000_000);
    let headBytes = 0;
    const code = codeOf(file, (head) => {
      headBytes = head.length;
      return 64_000_000;
    });
    expect(code).toBe('FILE_TOO_LARGE');
    expect(headBytes).toBe(HEAD_BYTES);
  });

  it('gives up on a file that changes each time it is read', () => {
    const file = world.write('log.txt', 'x');
    let times = 0;
    const code = codeOf(file, () => {
      appendFileSync(file, `line ${times++}\n`);
      return 1_000;
    });
    expect(code).toBe('FILE_CHANGED');
    expect(times).toBe(2);
  });

  it('leaves a file alone when its beginning is not wanted', () => {
    expect(readRegularFile(world.write('a.txt', 'x'), () => undefined)).toBeUndefined();
  });
});

describe('what is read', () => {
  it('gives bytes, their SHA-256, size and time', () => {
    const file = world.write('a.txt', 'Grüße');
    const content = readRegularFile(file, anything)!;
    expect(Buffer.from(content.bytes).toString()).toBe('Grüße');
    expect(content.hash).toBe(createHash('sha256').update('Grüße').digest('hex'));
    expect(content.size).toBe(7);
    expect(content.mtimeMs).toBe(statSync(file).mtimeMs);
  });

  it('reads an empty file', () => {
    const content = readRegularFile(world.write('empty.txt', ''), anything)!;
    expect(content.bytes.length).toBe(0);
  });

  it.each([HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, 3 * HEAD_BYTES + 5])('reads all of %i bytes', (length) => {
    const bytes = Buffer.alloc(length, 0).map((_, i) => (i * 31) % 251);
    const content = readRegularFile(world.write('a.bin', bytes), anything)!;
    expect(Buffer.compare(content.bytes, bytes)).toBe(0);
  });

  it('reads once more a file that changed while it was read', () => {
    const file = world.write('log.txt', 'one\n');
    let times = 0;
    const content = readRegularFile(file, () => {
      if (times++ === 0) appendFileSync(file, 'two\n');
      return 1_000;
    })!;
    expect(Buffer.from(content.bytes).toString()).toBe('one\ntwo\n');
  });

  (isPosix ? it : it.skip)('follows a link, and reads names with newlines', () => {
    const file = world.write('a\nb.txt', 'x');
    symlinkSync(file, world.path('link'));
    expect(codeOf(world.path('link'))).toBe('ok');
  });
});
