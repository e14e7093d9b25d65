// How much memory does indexing 50,000 small files take at most, all threads together?
//
// Bar: less than 600 MB. The peak is what the operating system counts for the process (VmHWM on Linux).
// Options: --files N (50,000), --pictures N (0: left out), --train auto|never|both (both), --fresh.
import { ARCHIVES, smallPictureFolder, smallTextFolder } from './collections.ts';
import { runContestant } from './contestant.ts';
import { demand, scratch } from './data.ts';
import { printHeader } from './machine.ts';
import { choiceOption, numberOption } from './options.ts';
import { type Contestant, interleave, printResults } from './rounds.ts';

demand(ARCHIVES.newsgroups);
const files = numberOption('files', 50_000);
const pictures = numberOption('pictures', 0);
const training = choiceOption('train', ['auto', 'never', 'both'], 'both');

const contestants: Contestant[] = [];
const add = (what: string, folder: string) => {
  for (const train of ['never', 'auto']) {
    if (training !== 'both' && training !== train) continue;
    const run = () => runContestant('index-folder.mjs', scratch('memory'), folder, train);
    contestants.push({ name: `${what}, --train ${train}`, run });
  }
};
add(`${files.toLocaleString('en')} texts`, await smallTextFolder(files));
if (pictures > 0) {
  demand(ARCHIVES.cifar);
  add(`${pictures.toLocaleString('en')} pictures`, await smallPictureFolder(pictures));
}

printHeader('Memory while indexing small files (bar: a peak of less than 600 MB)');
printResults(await interleave(contestants, 1));
