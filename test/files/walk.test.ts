// walk: what is found, what is left out, and what may go wrong on the way.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type WalkEntry, type WalkFailure, type WalkOptions, walk } from '../../src/files/walk.ts';
import { isPosix, makeWorld, type World, withoutPrivileges } from './world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const isLinux = process.platform === 'linux';
const hasGit = (() => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

async function entries(options: WalkOptions = {}, root = world.root): Promise<WalkEntry[]> {
  const all: WalkEntry[] = [];
  for await (const entry of walk(root, { globalIgnoreFile: null, ...options })) all.push(entry);
  return all;
}

async function paths(options: WalkOptions = {}, root = world.root): Promise<string[]> {
  const all = await entries(options, root);
  expect(all.filter((entry) => entry.type === 'failure')).toEqual([]);
  return all.map((entry) => entry.path);
}

async function failures(options: WalkOptions = {}, root = world.root): Promise<WalkFailure[]> {
  return (await entries(options, root)).filter((entry) => entry.type === 'failure');
}

function write(...names: string[]): void {
  for (const name of names) world.write(name, 'x');
}

describe('what goes wrong', () => {
  it('reports an absent root and throws nothing', async () => {
    const [failure] = await failures({}, world.path('nowhere'));
    expect(failure).toMatchObject({ path: '', folder: true, error: { code: 'FILE_VANISHED' } });
  });

  it('finds nothing in an empty folder', async () => {
    expect(await entries()).toEqual([]);
  });

  (isPosix ? it : it.skip)('reports a folder that may not be read and walks on', async () => {
    write('a/1.txt', 'b/2.txt', 'c/3.txt');
    chmodSync(world.path('b'), 0o000);
    const all = await withoutPrivileges(() => entries());
    expect(all.map((entry) => [entry.type, entry.path])).toEqual([
      ['file', 'a/1.txt'],
      ['failure', 'b'],
      ['file', 'c/3.txt'],
    ]);
    expect(all[1]).toMatchObject({ folder: true, error: { code: 'FILE_UNREADABLE' } });
    chmodSync(world.path('b'), 0o755);
  });

  (isPosix ? it : it.skip)('reports files whose folder may be listed but not entered', async () => {
    write('b/2.txt');
    chmodSync(world.path('b'), 0o444);
    const [failure] = await withoutPrivileges(() => failures());
    expect(failure).toMatchObject({ path: 'b/2.txt', folder: false, error: { code: 'FILE_UNREADABLE' } });
    chmodSync(world.path('b'), 0o755);
  });

  (isPosix ? it : it.skip)('reports an ignore file that may not be read', async () => {
    write('a.txt');
    world.write('.gitignore', 'a.txt');
    chmodSync(world.path('.gitignore'), 0o000);
    const all = await withoutPrivileges(() => entries());
    expect(all.map((entry) => [entry.type, entry.path])).toEqual([
      ['failure', '.gitignore'],
      ['file', 'a.txt'],
    ]);
  });

  (isLinux ? it : it.skip)('reports names that are not UTF-8, with the bytes escaped, files and folders', async () => {
    write('good.txt');
    writeFileSync(Buffer.concat([Buffer.from(`${world.root}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'x');
    mkdirSync(Buffer.concat([Buffer.from(`${world.root}/d`), Buffer.from([0xff])]));
    const all = await entries();
    expect(all.map((entry) => [entry.type, entry.path])).toEqual([
      ['failure', 'caf\\xe9.txt'],
      ['failure', 'd\\xff'],
      ['file', 'good.txt'],
    ]);
    expect(all[0]).toMatchObject({ error: { code: 'NAME_NOT_UTF8' } });
  });

  (isLinux ? it : it.skip)('does not report a name that is not UTF-8 when a pattern leaves it out', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${world.root}/caf`), Buffer.from([0xe9]), Buffer.from('.log')]), 'x');
    expect(await entries({ exclude: ['*.log'] })).toEqual([]);
  });

  (isPosix ? it : it.skip)('reports a root that is a pipe', async () => {
    execFileSync('mkfifo', [world.path('pipe')]);
    const [failure] = await failures({}, world.path('pipe'));
    expect(failure).toMatchObject({ path: '', error: { code: 'FILE_NOT_REGULAR' } });
  });

  (isPosix ? it : it.skip)('passes over pipes in a folder', async () => {
    execFileSync('mkfifo', [world.path('photo.jpg')]);
    write('a.txt');
    expect(await paths()).toEqual(['a.txt']);
  });

  it('refuses an empty pattern', async () => {
    await expect(entries({ exclude: ['/'] })).rejects.toThrow(TypeError);
    await expect(entries({ glob: ['!'] })).rejects.toThrow(TypeError);
  });

  (isPosix ? it : it.skip)('follows no link: none leads out, none loops', async () => {
    const outside = makeWorld({ 'secret.txt': 'x' });
    write('a/real.txt');
    symlinkSync(outside.root, world.path('out'));
    symlinkSync(join(outside.root, 'secret.txt'), world.path('out.txt'));
    symlinkSync(world.root, world.path('a/loop'));
    symlinkSync('real.txt', world.path('a/same.txt'));
    symlinkSync('nowhere', world.path('broken.txt'));
    expect(await paths()).toEqual(['a/real.txt']);
    outside.remove();
  });

  it('passes over a folder that vanishes while it is walked', async () => {
    write('a/1.txt', 'b/2.txt');
    const seen: string[] = [];
    for await (const entry of walk(world.root, { globalIgnoreFile: null })) {
      seen.push(`${entry.type} ${entry.path}`);
      rmSync(world.path('b'), { recursive: true, force: true });
    }
    expect(seen).toEqual(['file a/1.txt']);
  });
});

describe('what is found', () => {
  it('gives path, size and time of each file', async () => {
    const absolute = world.write('a/b.txt', 'four');
    expect(await entries()).toEqual([
      { type: 'file', path: 'a/b.txt', absolute, size: 4, mtimeMs: expect.any(Number), ctimeMs: expect.any(Number) },
    ]);
  });

  it('walks the files of a folder first, then its subfolders, in the order of their names', async () => {
    write('b/1', 'a/2', 'a/1', 'z', 'c', 'a/b/0', 'B');
    expect(await paths()).toEqual(['B', 'c', 'z', 'a/1', 'a/2', 'a/b/0', 'b/1']);
  });

  it('walks a root that is one file', async () => {
    const file = world.write('a/b.txt', 'x');
    expect(await paths({}, file)).toEqual(['b.txt']);
  });

  (isPosix ? it : it.skip)('follows a root that is itself a link', async () => {
    write('a/b.txt');
    symlinkSync(world.path('a'), world.path('link'));
    expect(await paths({}, world.path('link'))).toEqual(['b.txt']);
  });

  it('walks into a folder that is named like a picture', async () => {
    write('photo.jpg/a.txt');
    expect(await paths()).toEqual(['photo.jpg/a.txt']);
  });

  (isPosix ? it : it.skip)('finds names with newlines, tabs, quotes, stars and backslashes', async () => {
    const names = [
      'a\nb.txt',
      'tab\t.txt',
      '"quoted".txt',
      '*.txt',
      'back\\slash.txt',
      ' lead.txt',
      'new\nfolder/x.txt',
    ];
    write(...names);
    expect((await paths()).sort()).toEqual([...names].sort());
    expect((await paths({ glob: ['**/*.txt'] })).sort()).toEqual([...names].sort());
  });

  it('leaves hidden files and folders out unless asked', async () => {
    write('.hidden', '.folder/a', 'plain', '.git/config', '.sandglass/catalog.sqlite');
    expect(await paths()).toEqual(['plain']);
    expect(await paths({ hidden: true })).toEqual(['.hidden', 'plain', '.folder/a']);
  });

  it('never walks what systems keep for themselves, and node_modules only without ignore files', async () => {
    write('@eaDir/a', 'System Volume Information/a', 'node_modules/p/README.md', 'a');
    expect(await paths()).toEqual(['a']);
    expect(await paths({ noIgnore: true })).toEqual(['a', 'node_modules/p/README.md']);
  });

  it('walks a root inside node_modules that is named', async () => {
    write('node_modules/p/README.md');
    expect(await paths({}, world.path('node_modules'))).toEqual(['p/README.md']);
  });
});

describe('patterns', () => {
  beforeEach(() => write('a.md', 'b.txt', 'docs/c.md', 'docs/deep/d.md', 'build/e.md'));

  it('matches a pattern without a slash against the last name', async () => {
    expect(await paths({ glob: ['*.txt'] })).toEqual(['b.txt']);
    expect(await paths({ glob: ['*.md'], exclude: ['d.*'] })).toEqual(['a.md', 'build/e.md', 'docs/c.md']);
  });

  it('matches a pattern with a slash against the whole path', async () => {
    expect(await paths({ glob: ['docs/*.md'] })).toEqual(['docs/c.md']);
    expect(await paths({ glob: ['/*.md'] })).toEqual(['a.md']);
    expect(await paths({ glob: ['docs/**'] })).toEqual(['docs/c.md', 'docs/deep/d.md']);
  });

  it('lets a folder stand for all that is in it', async () => {
    expect(await paths({ glob: ['docs/'] })).toEqual(['docs/c.md', 'docs/deep/d.md']);
    expect(await paths({ glob: ['deep'] })).toEqual(['docs/deep/d.md']);
    expect(await paths({ exclude: ['docs/'] })).toEqual(['a.md', 'b.txt', 'build/e.md']);
    expect(await paths({ exclude: ['deep', 'build/**'] })).toEqual(['a.md', 'b.txt', 'docs/c.md']);
  });

  it('reads a glob that begins with ! as an exclusion', async () => {
    expect(await paths({ glob: ['!*.md'] })).toEqual(['b.txt']);
  });

  it('knows alternatives', async () => {
    expect(await paths({ glob: ['{a,c}.md'] })).toEqual(['a.md', 'docs/c.md']);
  });
});

describe('ignore files', () => {
  it('reads .gitignore, .ignore and .sandglassignore of every folder; the later of them wins', async () => {
    world.write('.gitignore', '*.log\n# comment\n/top.txt\n');
    world.write('.ignore', '!keep.log\n');
    world.write('.sandglassignore', 'b.txt\n');
    write('a.log', 'keep.log', 'top.txt', 'b.txt', 's/top.txt', 's/b.txt', 's/x.log');
    expect(await paths()).toEqual(['keep.log', 's/top.txt']);
  });

  it('lets the nearer file win', async () => {
    world.write('.gitignore', '*.txt\n');
    world.write('s/.gitignore', '!*.txt\n');
    world.write('s/t/.gitignore', 'no.txt\n');
    write('a.txt', 's/a.txt', 's/t/a.txt', 's/t/no.txt');
    expect(await paths()).toEqual(['s/a.txt', 's/t/a.txt']);
  });

  it('does not enter an ignored folder, whatever stands in it', async () => {
    world.write('.gitignore', 'build/\n!build/keep.txt\n');
    world.write('build/.gitignore', '!*\n');
    write('build/keep.txt', 'a.txt');
    expect(await paths()).toEqual(['a.txt']);
  });

  it('enters a folder that a nearer file takes back, and asks the farther one about what is in it', async () => {
    world.write('.gitignore', 'b*/\n*.log\n');
    world.write('s/.gitignore', '!b[1] #/\n');
    write('s/b[1] #/x.txt', 's/b[1] #/x.log', 's/b1 #/y.txt');
    expect(await paths({ noIgnore: true })).toHaveLength(3);
    world.write('s/.gitignore', '!b\\[1\\] #/\n');
    expect(await paths()).toEqual(['s/b[1] #/x.txt']);
  });

  it('uses the ignore files above the root up to the top of its repository', async () => {
    world.write('repo/.gitignore', '*.log\n/docs/draft.txt\n');
    world.write('.gitignore', '*.txt\n');
    write('repo/docs/a.log', 'repo/docs/draft.txt', 'repo/docs/b.txt');
    expect(await paths({}, world.path('repo/docs'))).toEqual(['a.log', 'b.txt', 'draft.txt']);
    mkdirSync(world.path('repo/.git'));
    expect(await paths({}, world.path('repo/docs'))).toEqual(['b.txt']);
  });

  it('walks a root that the files above it ignore, because it was named', async () => {
    mkdirSync(world.path('.git'));
    world.write('.gitignore', 'build/\n');
    write('build/a.txt');
    expect(await paths({}, world.path('build'))).toEqual(['a.txt']);
  });

  it("reads the user's own ignore file, and a folder's negation wins over it", async () => {
    const own = world.write('own', '*.bak\n*.tmp\n');
    world.write('root/.gitignore', '!b.tmp\n');
    write('root/a.bak', 'root/b.tmp', 'root/c.txt');
    expect(await paths({ globalIgnoreFile: own }, world.path('root'))).toEqual(['b.tmp', 'c.txt']);
    expect(await paths({ globalIgnoreFile: world.path('absent') }, world.path('root'))).toHaveLength(3);
  });

  it('reads none of them without ignore files', async () => {
    const own = world.write('own', '*\n');
    world.write('root/.gitignore', '*.txt\n');
    write('root/a.txt');
    expect(await paths({ noIgnore: true, globalIgnoreFile: own }, world.path('root'))).toEqual(['a.txt']);
  });

  it('does not read an ignore file that is a folder', async () => {
    write('.gitignore/a.txt', 'b.txt');
    expect(await paths()).toEqual(['b.txt']);
  });

  (hasGit ? it : it.skip)('agrees with git on random trees and random rules', async () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    const pick = <T>(from: readonly T[]) => from[random(from.length)]!;
    const names = ['a', 'b', 'ab', 'a.o', 'b.o', 'c d', 'x[1]'];
    const rules = [
      'a',
      'b/',
      '*.o',
      '/a',
      'a*',
      '**/b',
      'a/**',
      'a/*',
      '/*/b',
      '*',
      'x[1]',
      'x\\[1\\]',
      'c d',
      'a/b/',
      'ab',
    ];
    const git = (root: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'core.excludesFile=', ...args], { cwd: root, encoding: 'utf8' });

    for (let round = 0; round < 25; round++) {
      const root = world.path(`round${round}`);
      const folders = ['', 'a/', 'b/', 'a/b/', 'ab/', 'a/b/a/', 'x[1]/', 'x[1]/b/', 'c d/ab/'];
      for (const folder of folders) {
        for (let i = 0; i < 3; i++) {
          const name = pick(names);
          if (!folders.some((other) => other.startsWith(`${folder}${name}/`))) write(`round${round}/${folder}${name}`);
        }
        if (random(2) === 0) {
          const lines = Array.from({ length: 1 + random(4) }, () => (random(3) === 0 ? '!' : '') + pick(rules));
          world.write(`round${round}/${folder}.gitignore`, `${lines.join('\n')}\n`);
        }
      }
      git(root, 'init', '-q');
      const expected = git(root, 'ls-files', '-z', '--others', '--exclude-standard').split('\0');
      const visible = expected.filter((path) => path !== '' && !path.endsWith('.gitignore'));
      expect((await paths({}, root)).sort()).toEqual(visible.sort());
    }
  });
});
