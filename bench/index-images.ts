// How many pictures a second does indexing handle, beside bare sharp and beside Python imagehash?
//
// Bars: photos of 481 × 321 at 0.7 of the rate of sharp's decode and resize to 64 × 64 on two lanes or more; photos of 12
// megapixels at 7 times the rate of imagehash.phash in one process.
// Options: --rounds N (5), --photos N (1,800), --large N (160), --fresh (make the cached data anew).
import { ARCHIVES, imageEncoderIndex, largePhotoFolder, photoFolder } from './collections.ts';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { demand, scratch } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { numberOption } from './options.ts';
import { type Contestant, interleave, printRatio, printResults } from './rounds.ts';

demand(...ARCHIVES.photos);
const rounds = numberOption('rounds', 5);
const collections = [
  { title: 'Photos of 481 × 321', folder: await photoFolder(numberOption('photos', 1_800)) },
  { title: 'Photos of 12 megapixels', folder: await largePhotoFolder(numberOption('large', 160)) },
];
const trained = await imageEncoderIndex();
const noPython = missingModules('imagehash', 'PIL');

const OURS = 'sandglass: the whole pipeline';
const SHARP = 'sharp: decode, resize';
const PHASH = 'imagehash: phash';
const contestants = (folder: string): Contestant[] => [
  { name: OURS, run: () => runContestant('index-folder.mjs', scratch('images', trained), folder) },
  { name: SHARP, run: () => runContestant('bare-sharp.mjs', folder) },
  ...(noPython === undefined ? [{ name: PHASH, run: () => runContestant('phash.py', folder) }] : []),
];

printHeader(
  'Indexing pictures (decode, thumbnail, hashes, code, store), training apart',
  installed('sharp'),
  noPython === undefined ? pythonVersions('ImageHash', 'pillow') : '',
);
if (noPython !== undefined) console.log(`without imagehash: ${noPython}`);
for (const { title, folder } of collections) {
  console.log(`\n${title}`);
  const results = await interleave(contestants(folder), rounds);
  printResults(results);
  printRatio(results, OURS, SHARP, 'small photos 1.43 or less: 0.7 of its rate');
  printRatio(results, OURS, PHASH, '12 megapixels 0.14 or less: 7 times its rate');
}
