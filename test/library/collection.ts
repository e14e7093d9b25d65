// Small folders of documents and pictures that have topics, and indexes over them.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { SandglassError } from '../../src/errors.ts';
import { type AddOptions, type AddProgress, type AddSummary, open, type Sandglass } from '../../src/sandglass.ts';

export const TOPICS: Readonly<Record<string, readonly string[]>> = {
  sea: 'ship sail wave harbour anchor mast captain tide deck sailor storm rope'.split(' '),
  bread: 'flour dough oven yeast baker crust knead loaf butter rye salt water'.split(' '),
  chess: 'knight bishop pawn queen rook check mate opening gambit endgame board castle'.split(' '),
};

const folders: string[] = [];
const indexes: Sandglass[] = [];

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-library-')));
  folders.push(folder);
  return folder;
}

/** For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const index of indexes.splice(0)) await index.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function write(folder: string, path: string, content: string | Uint8Array): string {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, content);
  return absolute;
}

/** A document of a topic; no two numbers give the same. */
export function documentText(topic: string, number: number): string {
  const words = TOPICS[topic]!;
  // The generator of Numerical Recipes: its high bits are random enough.
  let state = (number + 1) * 7_919;
  const picked = Array.from({ length: 30 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return words[(state >>> 16) % words.length]!;
  });
  return `${picked.join(' ')} about ${topic}${number}`;
}

/** A folder with `perTopic` documents on each of three topics, a subfolder a topic. */
export function documents(perTopic = 20, folder = temporaryFolder()): string {
  for (const topic of Object.keys(TOPICS))
    for (let i = 0; i < perTopic; i++) write(folder, `${topic}/${i}.txt`, documentText(topic, i));
  return folder;
}

/** A small PNG: coloured stripes and a disc whose place and size come from the number. */
export async function picture(number: number): Promise<Uint8Array> {
  const x = 10 + ((number * 13) % 44);
  const y = 10 + ((number * 29) % 44);
  const hue = (number * 47) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="hsl(${hue},60%,70%)"/>
    <rect width="64" height="${8 + (number % 20)}" fill="hsl(${(hue + 120) % 360},70%,30%)"/>
    <circle cx="${x}" cy="${y}" r="${6 + (number % 12)}" fill="hsl(${(hue + 200) % 360},80%,45%)"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

export async function pictures(count: number, folder = temporaryFolder()): Promise<string> {
  for (let i = 0; i < count; i++) write(folder, `${i}.png`, await picture(i));
  return folder;
}

/** Opens an index that {@link cleanUp} closes. */
export async function opened(directory: string, options: Parameters<typeof open>[1] = {}): Promise<Sandglass> {
  const index = await open(directory, { device: 'cpu', ...options });
  indexes.push(index);
  return index;
}

/** Runs `add` to its end; returns its summary and all that it said. */
export async function add(
  index: Sandglass,
  paths: string | readonly string[] = [],
  options: AddOptions = {},
): Promise<AddSummary & { readonly notices: readonly string[] }> {
  const notices: string[] = [];
  let last: AddProgress | undefined;
  for await (const event of index.add(paths, { train: 'never', ...options })) {
    if (event.phase === 'notice') notices.push(event.text);
    last = event;
  }
  if (last?.phase !== 'done') throw new Error('Expected indexing to end with a summary');
  return { ...last.summary, notices };
}

/** An index over a folder, in its `.sandglass/`, with nothing trained unless `options` say so. */
export async function indexed(folder: string, options: AddOptions = {}): Promise<Sandglass> {
  const index = await opened(folder, { create: true });
  await add(index, folder, options);
  return index;
}

/** A copy of a folder with its index, which moves with it. */
export function copyOf(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

export async function rejectionOf(work: Promise<unknown>): Promise<SandglassError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof SandglassError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown');
}
