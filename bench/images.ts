// Are copies of pictures found, and pictures of one class? Encoders against PHash and the other plain methods.
//
// Bars: 58 attacks on 300 photos, recall at .5 % false positives: phash ≈ .82; ours ≥ .93 with 128 floats, ≥ .90 with 256 bits,
// ≥ .88 with 128 bits. Five transforms: precision ≥ .99 at a recall ≥ .6. Encoder ≥ 1,500 pictures a second.
// Options: --only attacks (also: sheet, transforms, classes, speed), --encoder DIR (a folder of an encoder, or of several;
// repeat for more), --sizes 64,256 (code sizes beside the encoder's own), --chart (docs/image-attacks.svg), --photo N (of
// the sheet), --fresh (make the cached pictures anew).
import { parseArgs } from 'node:util';
import { drawAttackSheet } from './attack-sheet.ts';
import { ARCHIVES } from './collections.ts';
import { demand } from './data.ts';
import { reportAttacks } from './image-attack-report.ts';
import { CLASS_SETS, reportClasses } from './image-classes.ts';
import { encoderFolders } from './image-methods.ts';
import { reportSpeed } from './image-speed.ts';
import { reportTransforms } from './image-transforms.ts';
import { installed, printHeader } from './machine.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: 'attacks' },
    encoder: { type: 'string', multiple: true, default: [] },
    sizes: { type: 'string', default: '' },
    chart: { type: 'boolean', default: false },
    photo: { type: 'string', default: '7' },
    fresh: { type: 'boolean', default: false },
  },
});
const encoders = encoderFolders(flags.encoder);
const sizes = flags.sizes.split(',').filter(Boolean).map(Number);

const QUESTIONS: Readonly<Record<string, { title: string; archives: readonly string[]; run: () => Promise<void> }>> = {
  attacks: {
    title: 'Attacked copies of photos: recall at .5 % false positives',
    archives: ARCHIVES.photos,
    run: () => reportAttacks({ encoders, sizes, chart: flags.chart }),
  },
  transforms: {
    title: 'Five transforms of photos: which pairs are copies',
    archives: ARCHIVES.photos,
    run: () => reportTransforms(encoders, sizes),
  },
  classes: {
    title: 'Pictures of one class',
    archives: CLASS_SETS.flatMap(({ archives }) => archives),
    run: () => reportClasses(encoders),
  },
  speed: { title: 'Speed of codes and hashes', archives: ARCHIVES.photos, run: () => reportSpeed(encoders) },
  sheet: {
    title: 'All attacks on one photo, to look at',
    archives: ARCHIVES.photos,
    run: async () => console.log(await drawAttackSheet(Number(flags.photo))),
  },
};

for (const name of flags.only.split(',')) {
  const question = QUESTIONS[name];
  if (question === undefined)
    throw new RangeError(`Expected --only ${Object.keys(QUESTIONS).join(', ')} but received ${name}`);
  demand(...question.archives);
  printHeader(question.title, installed('onnxruntime-node'), installed('sharp'));
  await question.run();
  console.log();
}
