import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { INDEX_DIRECTORY } from '../../src/sandglass.ts';
import { cleanUp, documents, picture, temporaryFolder, write } from '../library/collection.ts';
import { sandglass } from './command.ts';

afterEach(cleanUp);

const index = (...args: string[]) => sandglass(['index', '--train', 'never', ...args]);

describe('sandglass index', () => {
  it('tells what it did, which method answers and where the index is', () => {
    const folder = documents(3);
    const { code, out, err } = index(folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^9 added {2}\(\d+ s\)\n/);
    expect(out).toContain('tfidf answers by default: 9 documents are too few to learn from (it takes 50).');
    expect(out).toContain(`index: ${join(folder, INDEX_DIRECTORY)}`);
    expect(index(folder).out).toMatch(/^9 unchanged/);
  });

  it('does what changed in all folders of the index when none is named', () => {
    const folder = documents(2);
    index(folder);
    write(folder, 'new.txt', 'a new storm');
    expect(sandglass(['index'], { cwd: join(folder, 'sea') }).out).toMatch(/^1 added, 6 unchanged/);
  });

  it('gives its summary as JSON', () => {
    const folder = documents(2);
    write(folder, 'program.exe', Buffer.from('MZ\x90\0\x03\0\0\0'));
    write(folder, 'broken.png', 'no picture \0\x01');
    expect(JSON.parse(index(folder, '--json').out)).toMatchObject({
      schema: 1,
      added: 6,
      changed: 0,
      renamed: 0,
      removed: 0,
      unchanged: 0,
      failed: 1,
      kept: 0,
      skipped: { exe: 1 },
      roots: [{ path: folder, state: 'online' }],
      trained: [],
      defaults: { text: { method: 'tfidf' } },
    });
  });

  it('exits 0 though a file failed, and 2 with --strict', () => {
    const folder = documents(1);
    write(folder, 'broken.png', 'no picture \0\x01');
    const { code, out } = index(folder);
    expect(code).toBe(0);
    expect(out).toContain('1 failed');
    expect(out).toContain('sandglass status --failed');
    expect(index(folder, '--strict').code).toBe(2);
  });

  it('says that a folder is offline, and exits 0', () => {
    const folder = documents(1);
    const own = join(temporaryFolder(), 'index');
    index(folder, '--index', own);
    spawnSync('rm', ['-r', folder]);
    const { code, out } = sandglass(['index', '--index', own]);
    expect(code).toBe(0);
    expect(out).toContain('taken for offline and its items are kept');
    const { out: found, code: hits } = sandglass(['query', '--text', 'ship', '--index', own]);
    expect(hits).toBe(0);
    expect(found).toContain('(offline)');
  });

  it('keeps items when too many files are gone, and says how to remove them', () => {
    const folder = documents(6);
    index(folder);
    for (const topic of ['sea', 'chess']) spawnSync('rm', ['-r', join(folder, topic)]);
    const { code, out } = index(folder);
    expect(code).toBe(0);
    expect(out).toMatch(/6 unchanged, 12 kept though gone/);
    expect(out).toContain('--prune');
    expect(index(folder, '--prune').out).toMatch(/12 removed, 6 unchanged/);
  });

  it('writes no progress where there is no terminal', () => {
    const folder = documents(7);
    const { err } = index(folder);
    expect(err).toBe('');
  });

  const script = spawnSync('script', ['--version']);
  (script.error === undefined && process.platform === 'linux' ? it : it.skip)(
    'writes progress at a terminal, and takes it away (skipped where there is no `script`)',
    () => {
      const folder = documents(7);
      const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
      const { stdout } = spawnSync(
        'script',
        ['-qec', `${process.execPath} ${main} index --train never ${folder}`, '/dev/null'],
        {
          encoding: 'utf8',
          env: { ...process.env, TERM: 'xterm', XDG_CONFIG_HOME: '/nonexistent' },
        },
      );
      expect(stdout).toMatch(/looking for files|reading {2}\d/);
      expect(stdout).toContain('\u001b[');
      expect(stdout).toContain('21 added');
    },
  );
});

describe('A mistake', () => {
  it('in a folder is said, and nothing is made', () => {
    const never = join(temporaryFolder(), 'never');
    const { code, out, err } = index(never);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(`sandglass: Expected a folder or a file but there is nothing at ${never}. [FILE_VANISHED]\n`);
    expect(existsSync(never)).toBe(false);
  });

  it('in a flag or a command suggests the near one', () => {
    expect(index('--stric')).toMatchObject({ code: 2, err: expect.stringContaining('(Did you mean --strict?)') });
    expect(sandglass(['indx'])).toMatchObject({ code: 2, err: expect.stringContaining('(Did you mean index?)') });
    expect(sandglass([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Examples:') });
  });

  it('in the number of arguments is said', () => {
    expect(sandglass(['similarity', 'one']).code).toBe(2);
    expect(sandglass(['query', 'one', 'two']).code).toBe(2);
  });
});

describe('Help', () => {
  it.each(['index', 'query', 'similarity', 'compare', 'status', 'doctor'])('of %s has examples', (command) => {
    const { code, out, err } = sandglass([command, '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Examples:');
    expect(out).toContain('--index <dir>');
  });

  it('of all names the exit codes; --version the version', () => {
    expect(sandglass(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('130 interrupted') });
    expect(sandglass(['--version']).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('A folder of the worst files', () => {
  (process.platform === 'linux' ? it : it.skip)(
    'is indexed but for them, each with its reason (Linux only)',
    async () => {
      const folder = documents(6);
      const huge = write(folder, 'huge.txt', 'once upon a time ');
      truncateSync(huge, 500_000_000);
      const png = Buffer.from(await picture(1));
      const wide = Buffer.from(png);
      wide.writeUInt32BE(30_000, 16);
      wide.writeUInt32BE(30_000, 20);
      write(folder, 'wide.png', wide);
      const empty = Buffer.from(png);
      empty.writeUInt32BE(0, 16);
      empty.writeUInt32BE(0, 20);
      write(folder, 'zero.png', empty);
      mkdirSync(join(folder, 'photo.jpg'));
      write(folder, 'photo.jpg/inside.txt', 'a storm inside');
      spawnSync('mkfifo', [join(folder, 'pipe')]);
      writeFileSync(
        Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe]), Buffer.from('.txt')]),
        'latin',
      );
      write(folder, 'new\nline.txt', 'a storm in a new line');
      write(folder, 'binary.txt', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 131) % 256)));
      write(folder, 'nothing.txt', '');
      write(folder, 'fine.png', png);

      const { code, out } = index(folder, '--json');
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ added: 21, skipped: { empty: 1 } });
      const { failures } = JSON.parse(sandglass(['status', '--failed', '--json'], { cwd: folder }).out) as {
        failures: { path: string; code: string; message: string }[];
      };
      const reasons = Object.fromEntries(
        failures.map((failure) => [failure.path.slice(folder.length + 1), failure.code]),
      );
      expect(reasons).toEqual({
        'binary.txt': 'TEXT_BINARY',
        'f\\xff\\xfe.txt': 'NAME_NOT_UTF8',
        'huge.txt': expect.stringMatching(/FILE_TOO_LARGE|TEXT_BINARY/),
        'wide.png': 'IMAGE_TOO_LARGE',
        'zero.png': expect.stringMatching(/^IMAGE_/),
      });
      for (const { message } of failures) expect(message.length).toBeGreaterThan(10);
      const { out: table } = sandglass(['status', '--failed'], { cwd: folder });
      expect(table.split('\n').filter((line) => line !== '')).toHaveLength(failures.length + 1);
      expect(sandglass(['query', '--text', 'storm line', '-0', '-k', '1'], { cwd: folder }).out).toBe(
        'new\nline.txt\0',
      );
      expect(readdirSync(folder)).toContain('pipe');
      expect(statSync(huge).size).toBe(500_000_000);
    },
  );
});
