// Does the auto-encoder find the originals of damaged pictures better than perceptual hashes? 1,000 photos and pictures.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type MethodReport, open } from '../dist/sandglass.js';
import { cached, demand, jpegs, scratch, writeFiles } from './data.ts';
import { installed, printHeader } from './machine.ts';

const PHOTOS = ['photos-bsds500/bsds500-train.tar', 'photos-bsds500/bsds500-val.tar'];
const SMALL = 'cifar10-jpeg/cifar10-jpeg.tar.gz';
/** Of each of CIFAR-10's ten classes: 700 small pictures beside the 300 photos. */
const OF_EACH_CLASS = 70;
/** Side small pictures are enlarged to, so that damage of a few pixels does not wipe them out. */
const ENLARGED_SIDE = 256;
/** Half of the items that are asked for are held out from training, as far as there are so many. */
const ASKED_ITEMS = 200;
const SEED = 1234;

demand(...PHOTOS, SMALL);
printHeader(
  'Photos: originals of damaged copies, auto-encoder against perceptual hashes',
  installed('onnxruntime-node'),
);
const folder = await cached('photos-and-pictures', fillFolder);
await using index = await open(scratch('photos'), { create: true });

const before = process.cpuUsage();
for await (const event of index.add(folder, { seed: SEED })) {
  if (event.phase === 'train')
    process.stderr.write(`\rstep ${event.step} of ${event.steps}, loss ${event.loss.toFixed(3)}  `);
  if (event.phase !== 'done') continue;
  const { user, system } = process.cpuUsage(before);
  for (const { items, seconds } of event.summary.trained) {
    console.log(`\ntrained on ${items} pictures: ${seconds.toFixed(0)} s`);
  }
  console.log(
    `the whole run: ${event.summary.seconds.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of processor time\n`,
  );
}

const { report } = await index.compare({ kind: 'image', sample: ASKED_ITEMS, seed: SEED });
console.log(
  `protocol: ${report.protocol}; ${report.items} pictures, ${report.queries} damaged copies of ${ASKED_ITEMS} of them, seed ${report.seed}`,
);
console.log(
  'mean reciprocal rank of the original, 95 % interval over pictures; * kinds that training does not practise\n',
);
printKinds(report.methods);
printSums(report.methods);
console.log(`\n${report.headline}`);

async function fillFolder(into: string): Promise<void> {
  for (const archive of PHOTOS) writeFiles(join(into, 'photos'), jpegs(archive));
  const taken = new Map<string, number>();
  for (const { name, bytes } of jpegs(SMALL)) {
    const label = name.split('/').at(-2)!;
    const before = taken.get(label) ?? 0;
    if (!name.startsWith('test/') || before === OF_EACH_CLASS) continue;
    taken.set(label, before + 1);
    const enlarged = sharp(bytes).resize(ENLARGED_SIDE, ENLARGED_SIDE, { kernel: 'lanczos3' }).jpeg({ quality: 92 });
    writeFileSync(join(into, `${label}-${before}.jpg`), await enlarged.toBuffer());
  }
}

function printKinds(methods: readonly MethodReport[]): void {
  printRow(
    'kind',
    methods.map(({ method }) => method),
  );
  methods[0]!.perKind!.forEach(({ kind, seen, family }, at) => {
    const cells = methods.map(({ perKind }) => {
      const { mrr, intervals } = perKind![at]!;
      return `${mrr.toFixed(3)} ${intervals.mrr.map((end) => end.toFixed(2)).join('–')}`;
    });
    printRow(`${kind} (${family})${seen ? '' : '*'}`, cells);
  });
}

/** Kinds together, weighted by their copies; the ratio to the best plain hash is what the project is judged by. */
function printSums(methods: readonly MethodReport[]): void {
  const sums: [string, (kind: { seen: boolean; family?: string }) => boolean][] = [
    ['geometric*', ({ seen, family }) => !seen && family === 'geometric'],
    ['all held-out kinds*', ({ seen }) => !seen],
    ['all practised kinds', ({ seen }) => seen],
  ];
  console.log();
  for (const [name, wanted] of sums) {
    const means = new Map(
      methods.map(({ method, perKind }) => {
        const kinds = perKind!.filter(wanted);
        const copies = kinds.reduce((sum, { queries }) => sum + queries, 0);
        return [method, kinds.reduce((sum, { mrr, queries }) => sum + mrr * queries, 0) / copies];
      }),
    );
    printRow(
      name,
      [...means.values()].map((mean) => mean.toFixed(3)),
    );
    console.log(`  ae / phash: ${(means.get('ae')! / means.get('phash')!).toFixed(2)}`);
  }
  console.log('\npictures held out from training, kinds held out too:');
  printRow(
    '',
    methods.map(({ groups }) => {
      const { mrr, intervals } = groups!.find(({ heldOutItems, heldOutKinds }) => heldOutItems && heldOutKinds)!;
      return `${mrr.toFixed(3)} ${intervals.mrr.map((end) => end.toFixed(2)).join('–')}`;
    }),
  );
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(name.padEnd(26) + cells.map((cell) => cell.padEnd(18)).join(''));
}
