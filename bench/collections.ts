// The folders and indexes that benchmarks work on, made once and kept.
import { cpSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { runContestant } from './contestant.ts';
import { archivedFiles, cached, type DataFile, writeFiles } from './data.ts';

const NEWSGROUPS = '20newsgroups/20news-bydate.tar.gz';
const PHOTOS = ['photos-bsds500/bsds500-train.tar', 'photos-bsds500/bsds500-val.tar'];
const CIFAR = 'cifar10-jpeg/cifar10-jpeg.tar.gz';

/** Documents that the encoder of {@link textEncoderIndex} learns from: enough for a vocabulary of full size. */
const LEARNED_POSTS = 4_000;
/** Pictures that the encoder of {@link imageEncoderIndex} learns from; how well it ranks does not matter here. */
const LEARNED_PICTURES = 64;
const MEGAPIXEL_WIDTH = 4_000;
const MEGAPIXEL_HEIGHT = 3_000;

/** The first `count` posts of a half of 20 Newsgroups, one file each, in folders by group. */
export function postFolder(half: 'train' | 'test', count: number): Promise<string> {
  return cached(`posts-${half}-${count}`, (folder) => writeFiles(folder, spread(posts(half), count)));
}

/** An index with a text encoder that answers, and the posts it was trained on. */
export async function textEncoderIndex(): Promise<string> {
  const folder = await postFolder('test', LEARNED_POSTS);
  return cached('text-encoder-3', async (directory) => {
    await runContestant('index-folder.mjs', directory, folder, 'auto');
  });
}

/** Photos of 481 × 321; beyond the 300 there are, copies that differ in a byte after the picture's end. */
export function photoFolder(count: number): Promise<string> {
  return cached(`photos-${count}`, (folder) => writeFiles(folder, repeated(photos(), count)));
}

/** Photos enlarged to 12 megapixels, as JPEGs of quality 90. */
export function largePhotoFolder(count: number): Promise<string> {
  return cached(`photos-12mp-${count}`, async (folder) => {
    const lanes = availableParallelism();
    const chosen = [...take(photos(), count)];
    for (let from = 0; from < count; from += lanes) {
      const enlarged = chosen.slice(from, from + lanes).map(async ({ name, bytes }) => {
        const large = sharp(bytes).resize(MEGAPIXEL_WIDTH, MEGAPIXEL_HEIGHT, { fit: 'fill', kernel: 'cubic' });
        return { name, bytes: await large.jpeg({ quality: 90 }).toBuffer() };
      });
      writeFiles(folder, await Promise.all(enlarged));
    }
  });
}

/** An index with an image encoder that answers. */
export async function imageEncoderIndex(): Promise<string> {
  const folder = await photoFolder(LEARNED_PICTURES);
  return cached('image-encoder', async (directory) => {
    await runContestant('index-folder.mjs', directory, folder, 'auto');
  });
}

/** `count` posts, and halves of posts where there are too few, one file each. */
export function textFolder(count: number): Promise<string> {
  return cached(`documents-${count}`, (made) => {
    const all = [...posts('train'), ...posts('test')];
    const halves = all.map(({ name, bytes }) => ({
      name: `halves/${name}`,
      bytes: bytes.subarray(0, bytes.length / 2),
    }));
    writeFiles(made, [...all, ...halves].slice(0, count));
  });
}

/** An index of `count` documents with codes: those of {@link textFolder}, and those that its encoder learned from. */
export async function textIndex(count: number): Promise<string> {
  const folder = await textFolder(count - LEARNED_POSTS);
  return grown(`documents-${count}-index-2`, await textEncoderIndex(), folder);
}

/** An index of `count` small pictures with codes. */
export async function pictureIndex(count: number): Promise<string> {
  const folder = await smallPictureFolder(count - LEARNED_PICTURES);
  return grown(`pictures-${count}-index`, await imageEncoderIndex(), folder);
}

/** The first `count` pictures of CIFAR-10, 32 × 32, as JPEGs. */
export function smallPictureFolder(count: number): Promise<string> {
  return cached(`pictures-${count}`, (folder) => writeFiles(folder, take(archivedFiles(CIFAR), count)));
}

/** `count` text files of a few lines each, in folders of a thousand. */
export function smallTextFolder(count: number): Promise<string> {
  return cached(`lines-${count}`, (folder) => writeFiles(folder, fewLines(count)));
}

/** Any one file below a folder. */
export function anyFileOf(folder: string): string {
  const file = readdirSync(folder, { recursive: true, withFileTypes: true }).find((entry) => entry.isFile());
  if (file === undefined) throw new Error(`Expected a file in ${folder}`);
  return join(file.parentPath, file.name);
}

export const ARCHIVES = { newsgroups: NEWSGROUPS, photos: PHOTOS, cifar: CIFAR } as const;

async function grown(name: string, encoderIndex: string, folder: string): Promise<string> {
  return cached(name, async (directory) => {
    cpSync(encoderIndex, directory, { recursive: true });
    await runContestant('index-folder.mjs', directory, folder, 'never');
  });
}

function posts(half: 'train' | 'test'): DataFile[] {
  const found: DataFile[] = [];
  for (const { name, bytes } of archivedFiles(NEWSGROUPS)) {
    const [part, group, number] = name.split('/').slice(-3);
    if (part?.endsWith(`-${half}`)) found.push({ name: `${group}/${half}-${number}`, bytes });
  }
  return found;
}

function* photos(): Generator<DataFile> {
  for (const archive of PHOTOS) {
    for (const { name, bytes } of archivedFiles(archive))
      if (name.endsWith('.jpg')) yield { name: basename(name), bytes };
  }
}

function* repeated(files: Iterable<DataFile>, count: number): Generator<DataFile> {
  const all = [...files];
  for (let i = 0; i < count; i++) {
    const { name, bytes } = all[i % all.length]!;
    const copy = Math.floor(i / all.length);
    yield copy === 0
      ? { name, bytes }
      : { name: `${copy}-${name}`, bytes: Buffer.concat([bytes, Buffer.from([copy])]) };
  }
}

/** Evenly spaced ones, so that every group has its share. */
function spread(files: readonly DataFile[], count: number): DataFile[] {
  return Array.from(
    { length: Math.min(count, files.length) },
    (_, i) => files[Math.floor((i * files.length) / count)]!,
  );
}

function* take(files: Iterable<DataFile>, count: number): Generator<DataFile> {
  let taken = 0;
  for (const file of files) {
    if (taken++ === count) return;
    yield file;
  }
}

function* fewLines(count: number): Generator<DataFile> {
  const LINES = 6;
  let made = 0;
  for (let offset = 0; ; offset += LINES / 2) {
    for (const { bytes } of archivedFiles(NEWSGROUPS)) {
      const lines = bytes
        .toString('latin1')
        .split('\n')
        .slice(offset)
        .filter((line) => line.trim().length > 20);
      for (let at = 0; at + LINES <= lines.length; at += LINES) {
        if (made === count) return;
        const text = lines.slice(at, at + LINES).join('\n');
        yield { name: `${Math.floor(made / 1000)}/${made}.txt`, bytes: Buffer.from(text) };
        made++;
      }
    }
  }
}
