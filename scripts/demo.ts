// `npm run demo`: the main job on real input, through the command as a user has it. Leaves two pages in demo/.
// `npm run demo -- <folder>` takes a folder of yours instead and leaves it untouched: the index stands in demo/.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { drawPictures } from './draw-pictures.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND = join(ROOT, 'dist/cli/main.js');
const OUTPUT = 'demo';
const TEXT_REPORT = join(OUTPUT, 'report-text.html');
const IMAGE_REPORT = join(OUTPUT, 'report-images.html');
const PICTURES = 308;
const SEED = 1234;

/** Among fewer items every method finds the original. */
const FEWEST_TO_COMPARE = 20;

/** Exit codes of `sandglass query` that are answers. */
const ANSWERS = [0, 1];

process.chdir(ROOT);
mkdirSync(OUTPUT, { recursive: true });
const began = performance.now();
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  readmes();
  await pictures();
} else ownFolder(resolve(process.env.INIT_CWD ?? '.', folder));
const seconds = Math.round((performance.now() - began) / 1000);
title(`Done in ${seconds} s. Open in a browser: ${reports().join(' and ')}`);
if (folder === undefined) say('A folder of your own: npm run demo -- /my/folder');

function readmes(): void {
  const index = fresh(join(OUTPUT, 'readmes'));
  title('1. Documents: the READMEs of the installed packages');
  sandglass(['index', 'node_modules', '--index', index, '--no-ignore', '--glob', 'README*', '--glob', 'readme*']);

  say('What is like the README of better-sqlite3, and why?');
  sandglass(['query', 'node_modules/better-sqlite3/README.md', '-k', '5', '--explain', '--index', index]);

  say('Words instead of a file:');
  sandglass(['query', '--text', 'parse the options of a command line', '-k', '5', '--explain', '--index', index]);

  say(
    'Does the encoder find better than the plain methods? Damaged copies of the READMEs are asked for their originals.',
  );
  sandglass(['compare', '--index', index, '--report', TEXT_REPORT]);
}

async function pictures(): Promise<void> {
  const index = fresh(join(OUTPUT, 'pictures-index'));
  title(`2. Pictures: ${PICTURES} drawn ones, and an edited copy of each`);
  const drawn = await drawPictures(fresh(join(OUTPUT, 'pictures')), {
    count: PICTURES,
    seed: SEED,
    onDrawn: (done, total) => {
      if (process.stderr.isTTY) process.stderr.write(done < total ? `\rdrawing ${done}/${total}` : '\r\u001b[K');
    },
  });
  sandglass(['index', drawn.originals, '--index', index]);

  say('Copies that were turned upright, cropped and captioned: which picture is each of?');
  for (const [edit, subject] of [
    ['upright', 'city'],
    ['cropped', 'chart'],
    ['captioned', 'flowers'],
  ] as const) {
    const copy = copyOf(drawn.edited, edit, subject);
    for (const method of ['ae', 'phash'])
      sandglass(['query', copy, '-k', '3', '--method', method, '--explain', '--index', index]);
  }

  say(`Every copy is asked for its original, by every method (${drawn.editedCount} copies, 11 kinds of edits):`);
  const asked = ['--labels', drawn.labels, '--queries', drawn.edited, '--sample', String(drawn.editedCount)];
  sandglass(['compare', '--index', index, ...asked]);

  say(
    'The same without labels: Sandglass corrupts the pictures itself, in kinds that training saw and kinds it did not.',
  );
  sandglass(['compare', '--index', index, '--report', IMAGE_REPORT]);
}

function ownFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    process.stderr.write(`demo: expected a folder but received ${path}\n`);
    process.exit(2);
  }
  const name = `${basename(path)}-${createHash('sha256').update(path).digest('hex').slice(0, 8)}`;
  const index = join(OUTPUT, name);
  title(`Your folder: ${path} (it is only read; the index stands in ${index})`);
  sandglass(['index', path, '--index', index]);
  sandglass(['status', '--index', index]);
  const { items } = JSON.parse(sandglass(['status', '--json', '--index', index], { quiet: true })) as {
    items: { text: number; image: number };
  };
  for (const [kind, extensions, report] of [
    ['text', ['.txt', '.md', '.html', '.csv', '.json'], TEXT_REPORT],
    ['image', ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff'], IMAGE_REPORT],
  ] as const) {
    if (items[kind] === 0) continue;
    say(kind === 'text' ? 'Documents:' : 'Pictures:');
    const example = firstFile(path, extensions);
    if (example !== undefined) sandglass(['query', example, '-k', '5', '--explain', '--index', index]);
    if (items[kind] < FEWEST_TO_COMPARE) say(`${items[kind]} are too few to compare methods on.`);
    else sandglass(['compare', '--kind', kind, '--index', index, '--report', report]);
  }
}

/** Runs the built command as a user would, and shows what was typed. */
function sandglass(args: readonly string[], { quiet = false } = {}): string {
  if (!quiet) process.stdout.write(`\n${styleText('bold', `$ sandglass ${args.map(quoted).join(' ')}`)}\n`);
  const { status, stdout, error } = spawnSync(process.execPath, [COMMAND, ...args], {
    stdio: ['ignore', quiet ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status === null || !(args[0] === 'query' ? ANSWERS : [0]).includes(status)) {
    process.stderr.write(`demo: the command ended with exit code ${status}\n`);
    process.exit(1);
  }
  return stdout ?? '';
}

/** As a shell wants it. */
function quoted(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** A copy with that edit of a picture of that subject. */
function copyOf(edited: string, edit: string, subject: string): string {
  const file = readdirSync(join(edited, edit))
    .sort()
    .find((name) => name.startsWith(subject));
  if (file === undefined) throw new Error(`No ${edit} copy of a picture of ${subject} was drawn`);
  return join(edited, edit, file);
}

function firstFile(folder: string, extensions: readonly string[]): string | undefined {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => extensions.includes(extname(name).toLowerCase()) && !/(^|[\\/])(\.|node_modules[\\/])/.test(name))
    .sort();
  const first = names[Math.floor(names.length / 2)];
  return first === undefined ? undefined : join(folder, first);
}

function fresh(path: string): string {
  rmSync(path, { recursive: true, force: true });
  return path;
}

function reports(): string[] {
  return [TEXT_REPORT, IMAGE_REPORT].filter((path) => {
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return written > Date.now() - (performance.now() - began);
  });
}

function title(text: string): void {
  process.stdout.write(`\n${styleText(['bold', 'cyan'], text)}\n`);
}

function say(text: string): void {
  process.stdout.write(`\n${styleText('cyan', text)}\n`);
}
