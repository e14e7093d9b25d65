// The package as a user gets it: packed, installed in an empty folder, run as a command, imported, type-checked.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../..');
const WINDOWS = process.platform === 'win32';
/** Two native modules are compiled on the way. */
const INSTALL_LIMIT = 40 * 60_000;
/** Some npm versions ask which dependencies may run the scripts that compile them. */
const ALLOWED = { 'better-sqlite3': true, 'hnswlib-node': true };

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

let world: string;
let user: string;

beforeAll(() => {
  world = mkdtempSync(join(tmpdir(), 'sandglass-pack-'));
  user = join(world, 'user');
  mkdirSync(user);
  // The build under test is packed as it is; other tests are reading it.
  npm(['pack', '--ignore-scripts', '--pack-destination', world], ROOT);
  const tarball = readdirSync(world).find((name) => name.endsWith('.tgz')) as string;
  writeFileSync(
    join(user, 'package.json'),
    JSON.stringify({ name: 'user', private: true, type: 'module', allowScripts: ALLOWED }),
  );
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', join(world, tarball)], user);
  const notes = join(user, 'notes');
  mkdirSync(notes);
  writeFileSync(join(notes, 'harbour.txt'), 'The harbour was quiet. Two ships lay at the quay, waiting for the tide.');
  writeFileSync(join(notes, 'ships.txt'), 'Ships wait for the tide before they leave the harbour and its quay.');
  writeFileSync(join(notes, 'bread.md'), '# Bread\n\nFlour, water, salt and time: the oven does the rest.');
}, INSTALL_LIMIT);

afterAll(() => rmSync(world, { recursive: true, force: true }));

describe('the packed package', () => {
  it('holds the build, and neither sources nor tests nor the notes of the compiler', () => {
    const files = readdirSync(join(user, 'node_modules/sandglass'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'README.zh.md', 'CHANGELOG.md', 'package.json']),
    );
    const strange = files.filter((name) => !/^(dist|models)([\\/]|$)/.test(name) && /[\\/]/.test(name));
    expect(strange.filter((name) => !name.startsWith('node_modules'))).toEqual([]);
    expect(files.filter((name) => name.endsWith('.tsbuildinfo'))).toEqual([]);
  });

  it('tells its version', () => {
    expect(command('--version').trim()).toBe(version);
  });

  it('indexes a folder and finds the file that is like another', () => {
    const summary = JSON.parse(command('index', 'notes', '--json')) as { added: number; failed: number };
    expect(summary).toMatchObject({ added: 3, failed: 0 });
    const result = JSON.parse(command('query', 'notes/harbour.txt', '-k', '2', '--json')) as {
      hits: { path: string }[];
    };
    expect(result.hits.map(({ path }) => path)).toEqual([
      join(user, 'notes/harbour.txt'),
      join(user, 'notes/ships.txt'),
    ]);
  });

  it('is imported by its name, opens the index and answers', () => {
    writeFileSync(
      join(user, 'ask.js'),
      `import { open } from 'sandglass';
       const index = await open('notes');
       const { hits } = await index.query({ text: 'flour and an oven' }, { k: 1 });
       await index.close();
       console.log(hits[0].path);`,
    );
    expect(node('ask.js').trim()).toBe(join(user, 'notes/bread.md'));
  });

  it('gives types that a strict consumer compiles against', () => {
    writeFileSync(
      join(user, 'consumer.ts'),
      `import { type AddSummary, type Hit, open, type QueryResult, SandglassError } from 'sandglass';

       export async function ask(folder: string): Promise<readonly Hit[]> {
         await using index = await open(folder, { create: true });
         let summary: AddSummary | undefined;
         for await (const event of index.add(folder)) if (event.phase === 'done') summary = event.summary;
         if (summary === undefined) throw new SandglassError('ABORTED', 'no summary');
         const result: QueryResult = await index.query({ text: 'tax return' }, { k: 5, explain: true });
         // @ts-expect-error there is no such option
         await index.query({ text: 'tax return' }, { count: 5 });
         return result.hits;
       }`,
    );
    const options = ['--strict', '--noEmit', '--target', 'es2023', '--lib', 'es2023,esnext.disposable'];
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const modules = ['--module', 'nodenext', '--moduleResolution', 'nodenext'];
    expect(node(compiler, ...options, ...types, ...modules, 'consumer.ts')).toBe('');
  });
});

/** Runs the installed command the way npx does: found in node_modules/.bin. */
function command(...args: string[]): string {
  return run(WINDOWS ? 'npx.cmd' : 'npx', ['--no-install', 'sandglass', ...args], user);
}

function node(...args: string[]): string {
  return run(process.execPath, args, user);
}

function npm(args: readonly string[], folder: string): void {
  run(WINDOWS ? 'npm.cmd' : 'npm', args, folder);
}

/** What the program printed; what it complained of is in the error when it fails. */
function run(program: string, args: readonly string[], folder: string): string {
  try {
    return execFileSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: WINDOWS,
      env: {
        ...process.env,
        // Keeps the download of CUDA files out of the install, as the README tells users.
        ONNXRUNTIME_NODE_INSTALL: 'skip',
        // SQLite takes a minute to optimise, and nothing here asks for speed.
        CFLAGS: '-O0',
        CXXFLAGS: '-O0',
        PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
      },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
