// Do 10,000 photos and drawings give a group that is no copy, and how long do 100,000 codes take?
//
// Bars: no group larger than its true copies; of all listed pairs .99 right; duplicates among 100,000 codes in less than
// 60 s of one core.
// Options: --pictures N (10,000), --codes N (100,000), --fresh (make the pictures anew).
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../dist/compare/random.js';
import { COPY_SCORE, confirmPictures } from '../dist/duplicates/confirm-pictures.js';
import { nearBits } from '../dist/duplicates/near-bits.js';
import { nullRadius } from '../dist/duplicates/null-radius.js';
import { pictureSketch } from '../dist/duplicates/picture-sketch.js';
import { turnedHashes } from '../dist/duplicates/turned-hash.js';
import { decodeReduced } from '../dist/image/decode.js';
import { seenFromTheSide } from '../dist/image/perspective.js';
import { type DuplicatePair, type Duplicates, open } from '../dist/sandglass.js';
import { cached, demand, jpegs, scratch } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';

const PHOTOS = ['photos-bsds500/bsds500-train.tar', 'photos-bsds500/bsds500-val.tar'];
const SMALL = 'cifar10-jpeg/cifar10-jpeg.tar.gz';
/** Of all pictures so many are drawings, and so many have a copy. */
const DRAWN = 0.15;
const COPIED = 0.02;
const SEED = 1234;

demand(...PHOTOS, SMALL);
const pictures = numberOption('pictures', 10_000);
const codes = numberOption('codes', 100_000);
printHeader('Duplicates: photos and drawings of which few have a copy; codes', installed('sharp'));

printCodes(codes);
await printSides();
const folder = await cached(`duplicates-${pictures}`, fillFolder);
await using index = await open(scratch('duplicates'), { create: true, device: 'cpu' });
for await (const event of index.add(folder, { train: 'never' }))
  if (event.phase === 'done')
    console.log(`\n${event.summary.added} pictures indexed in ${event.summary.seconds.toFixed(0)} s`);
const found = await search('the search for duplicates');
printGroups(found);
const again = await search('the same search again');
console.log(`${again.remembered} of ${again.candidates} pairs remembered`);

/** Pairs of names that were looked at, each in the order of their names. */
interface Seen {
  readonly right: readonly (readonly [string, string])[];
  readonly doubtful: readonly (readonly [string, string])[];
  readonly wrong: readonly (readonly [string, string])[];
}

/** Random codes, which are the worst case: nothing is near, everything has to be looked up. */
function printCodes(count: number): void {
  const random = seededRandom('codes', SEED);
  for (const [name, bytes, farthest] of [
    ['phash', 8, 11],
    ['phash, turned', 8, 7],
    ['auto-encoder', 16, 23],
    ['pdq', 32, 31],
  ] as const) {
    const rows = { codes: Uint8Array.from({ length: count * bytes }, () => random() * 256), bytes };
    const began = process.cpuUsage();
    const asked = name.endsWith('turned') ? turnedHashes(rows.codes) : [rows.codes];
    const radius = nullRadius(rows, 0.5, farthest);
    let pairs = 0;
    for (const way of asked)
      pairs += nearBits(rows, { radius, perRow: 6, ...(way === rows.codes ? {} : { asked: way }) }).length;
    const { user, system } = process.cpuUsage(began);
    console.log(
      `${name.padEnd(14)} ${count} codes of ${bytes * 8} bits within ${radius}: ${((user + system) / 1e6).toFixed(1)} s of processor time, ${pairs} pairs`,
    );
  }
}

/** Photos seen from the side, and photos that have nothing to do with one another. */
async function printSides(): Promise<void> {
  const photos = [...jpegs(PHOTOS[1]!)].slice(0, 72);
  const pictures = await Promise.all(photos.map(({ bytes }) => decodeReduced(bytes)));
  const sketches = pictures.map((picture) => pictureSketch(picture));
  for (const narrow of [0.9, 0.8, 0.7, 0.6, 0.5]) {
    const found = pictures.slice(0, 60).filter((picture, i) => {
      const seen = seenFromTheSide(picture, narrow, i % 2 === 0 ? 'left' : 'right', i % 3 === 0 ? 255 : 0);
      return confirmPictures(sketches[i]!, pictureSketch(seen)).score >= COPY_SCORE;
    });
    console.log(`seen from the side, the far edge ${narrow} of the near one: ${found.length} of 60 photos are copies`);
  }
  const scores = sketches.flatMap((a, i) => sketches.slice(i + 1).map((b) => confirmPictures(a, b).score));
  console.log(
    `${scores.length} pairs of different photos: the highest score is ${Math.max(...scores).toFixed(2)}, copies begin at ${COPY_SCORE}`,
  );
}

/** Seconds of each part; everything before the first pair is looked at is about codes. */
async function search(what: string): Promise<Duplicates> {
  const marks: { phase: string; at: number; cpu: number }[] = [];
  const mark = (phase: string) => {
    const { user, system } = process.cpuUsage();
    marks.push({ phase, at: performance.now() / 1000, cpu: (user + system) / 1e6 });
  };
  mark('list');
  const result = await index.duplicates({
    seed: SEED,
    onProgress: ({ phase, done, total }) => {
      if (marks.at(-1)?.phase !== phase) mark(phase);
      if (done % 500 === 0) process.stderr.write(`\r${phase} ${done}/${total}   `);
    },
  });
  mark('end');
  const between = (from: { at: number; cpu: number }, to: { at: number; cpu: number }) =>
    `${(to.at - from.at).toFixed(1)} s, ${(to.cpu - from.cpu).toFixed(0)} s of processor time`;
  console.log(`${what}: ${between(marks[0]!, marks.at(-1)!)}`);
  for (const [i, next] of marks.slice(1).entries()) console.log(`  ${marks[i]!.phase}: ${between(marks[i]!, next)}`);
  return result;
}

/** A copy is called as its original with a word behind it. */
function printGroups({ groups, others, candidates, calibration }: Duplicates): void {
  const originalOf = (path: string) => basename(path).replace(/(-copy\w*)?\.\w+$/, '');
  const isTrue = ({ files }: Duplicates['groups'][number]) =>
    new Set(files.map(({ path }) => originalOf(path))).size === 1;
  const wrong = groups.filter((group) => !isTrue(group));
  const names = groups.map(({ files }) => new Set(files.map(({ path }) => basename(path))));
  const planted = names.flatMap((group) =>
    [...group].filter((name) => name.includes('-copy') && group.has(name.replace('-copy', ''))),
  ).length;
  console.log(
    `${candidates} pairs looked at; ${groups.length} groups, the largest of ${Math.max(0, ...groups.map(({ files }) => files.length))} files`,
  );
  for (const { threshold, precision, recall } of calibration)
    console.log(
      `threshold ${threshold.toFixed(2)}, expected precision ${precision?.toFixed(3)}, damaged copies that pass ${recall?.toFixed(2)}`,
    );
  console.log(`planted copies found: ${planted} of ${Math.round(pictures * COPIED)}`);
  console.log(`groups with other pictures: ${wrong.length}, pairs beside: ${others.length}`);
  printPrecision([...groups.flatMap(({ pairs }) => pairs), ...others]);
}

/** CIFAR-10 holds photos several times, scaled, mirrored and with other colours: what two are was decided by eye. */
function printPrecision(pairs: readonly DuplicatePair[]): void {
  const seen = JSON.parse(readFileSync(new URL('duplicates-seen.json', import.meta.url), 'utf8')) as Seen;
  const nameOf = (path: string) => basename(path).replace(/(-copy)?\.\w+$/, '');
  const has = (list: readonly (readonly [string, string])[], names: readonly string[]) =>
    list.some((pair) => names.every((name) => pair.includes(name)));
  const counts = { planted: 0, right: 0, doubtful: 0, wrong: 0, 'never seen': 0 };
  for (const { a, b, relation, probability } of pairs) {
    const names = [nameOf(a), nameOf(b)].sort();
    const what =
      names[0] === names[1]
        ? 'planted'
        : has(seen.right, names)
          ? 'right'
          : has(seen.doubtful, names)
            ? 'doubtful'
            : has(seen.wrong, names)
              ? 'wrong'
              : 'never seen';
    counts[what]++;
    if (what !== 'planted' && what !== 'right')
      console.log(`  ${what}: ${names.join(' ')} ${relation} ${probability.toFixed(3)}`);
  }
  const right = counts.planted + counts.right;
  console.log(
    `${pairs.length} pairs listed: ${Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}; precision at least ${(right / pairs.length).toFixed(4)}`,
  );
}

async function fillFolder(into: string): Promise<void> {
  const random = seededRandom('pictures', SEED);
  const copied = Math.round(pictures * COPIED);
  const photos = [...PHOTOS.flatMap((archive) => [...jpegs(archive)]), ...jpegs(SMALL)].slice(
    0,
    pictures - Math.round(pictures * DRAWN) - copied,
  );
  // where there are too few photos, more is drawn
  const drawn = pictures - photos.length - copied;
  for (const [i, { name, bytes }] of photos.entries()) {
    const original = `${i}-${basename(name, '.jpg')}`;
    writeFileSync(join(into, `${original}.jpg`), bytes);
    // spread over the photos and the small pictures
    if (i % Math.floor(photos.length / copied) === 0 && i / Math.floor(photos.length / copied) < copied) {
      const copy = sharp(bytes).resize({ width: 200 }).jpeg({ quality: 80 });
      writeFileSync(join(into, `${original}-copy.jpg`), await copy.toBuffer());
    }
  }
  for (let i = 0; i < drawn; i++) writeFileSync(join(into, `drawn${i}.png`), await drawing(random));
}

/** Few shapes on white, as diagrams and icons have them: hashes collide here first. */
function drawing(random: () => number): Promise<Buffer> {
  const side = 160;
  const number = (below: number) => Math.floor(random() * below);
  const shapes = Array.from({ length: 2 + number(6) }, () => {
    const colour = random() < 0.5 ? '#000' : `hsl(${number(360)},70%,45%)`;
    const [x, y, size] = [number(side), number(side), 8 + number(60)];
    return random() < 0.5
      ? `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="none" stroke="${colour}" stroke-width="${1 + number(6)}"/>`
      : `<rect x="${x}" y="${y}" width="${size}" height="${8 + number(60)}" fill="${colour}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="#fff"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
