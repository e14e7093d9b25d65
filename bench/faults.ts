// What harms an index? Kills operations at random moments, fills their disk, lets eight of them get in each other's way, turns bits
// around in every file – and looks at what has to hold.
//
//   npx tsx bench/faults.ts [--kills 200] [--full-disks 40] [--read-only-disks 10] [--storms 10] [--flips 200] [--seed 1]
//
// Needs a build; disks are made on Linux, by root. Exit code 1 where anything is lost, or cannot be repaired, or a file other than
// the catalog makes an answer wrong.
import { parseArgs } from 'node:util';
import { OPERATIONS } from '../test/faults/operations.ts';
import { FaultWorld, type Flip, type Harm, type Round, randomFrom } from '../test/faults/rounds.ts';
import { whyNoSmallDisk } from '../test/index/small-disk.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    'full-disks': { type: 'string', default: '40' },
    'read-only-disks': { type: 'string', default: '10' },
    storms: { type: 'string', default: '10' },
    flips: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const random = randomFrom(Number(values.seed));
const world = new FaultWorld();
const rounds: (Round & { readonly harm: string })[] = [];
const flips: Flip[] = [];
try {
  await world.make();
  await harmed('kill', Number(values.kills));
  const noDisk = whyNoSmallDisk();
  if (noDisk === undefined) {
    await harmed('full disk', Number(values['full-disks']));
    await harmed('read-only disk', Number(values['read-only-disks']));
  } else console.log(`No full and read-only disks: ${noDisk}`);
  for (let i = 0; i < Number(values.storms); i++) keep('storm', await world.storm(random));
  const files = world.indexFiles;
  // Every second one in the catalog, which is the truth.
  for (let i = 0; i < Number(values.flips); i++) {
    const file = i % 2 === 0 ? 'catalog.sqlite' : files[(i >> 1) % files.length]!;
    const flip = await world.flip(file, random);
    flips.push(flip);
    const { bit, asked, foundBy, wrong, broken } = flip;
    const end = broken.length > 0 ? `  BROKEN ${broken.join(' | ')}` : '';
    console.log(`${i + 1}  bit ${bit} of ${file}  answers: ${asked}  found by ${foundBy} ${wrong.join(', ')}${end}`);
  }
} finally {
  world.remove();
}

async function harmed(harm: Harm, count: number): Promise<void> {
  for (let i = 0; i < count; i++) keep(harm, await world.round(OPERATIONS[i % OPERATIONS.length]!, random, harm));
}

function keep(harm: string, round: Round): void {
  rounds.push({ ...round, harm });
  const { operation, after, finished, told, there, wrong, broken } = round;
  const what =
    broken.length > 0 ? `BROKEN ${broken.join(' | ')}` : wrong.length > 0 ? `repaired ${wrong.join(', ')}` : 'whole';
  const how = harm === 'full disk' ? `${after} KiB` : `${Math.round(after)} ms`;
  const end = finished ? 'ended' : harm === 'kill' ? 'killed' : 'refused';
  console.log(`${rounds.length}  ${harm}: ${operation}  ${end} after ${how}  ${told} told, ${there} there  ${what}`);
}

console.log('\nharm            operation    rounds  stopped   told  there  whole  repaired  broken');
for (const harm of new Set(rounds.map((round) => round.harm)))
  for (const operation of new Set(rounds.map((round) => round.operation))) {
    const own = rounds.filter((round) => round.harm === harm && round.operation === operation);
    if (own.length === 0) continue;
    const count = (is: (round: Round) => boolean) => own.filter(is).length;
    const cells = [
      own.length,
      count(({ finished }) => !finished),
      own.reduce((sum, { told }) => sum + told, 0),
      // What was stored without having been told does not count.
      own.reduce((sum, { told, there }) => sum + Math.min(told, there), 0),
      count(({ wrong, broken }) => wrong.length + broken.length === 0),
      count(({ wrong, broken }) => wrong.length > 0 && broken.length === 0),
      count(({ broken }) => broken.length > 0),
    ];
    const widths = [6, 9, 7, 7, 7, 10, 8];
    console.log(
      `${harm.padEnd(16)}${operation.padEnd(13)}${cells.map((n, i) => `${n}`.padStart(widths[i]!)).join('')}`,
    );
  }

console.log('\nbits of       flips  answers right  refused  wrong   found by verify  --deep  nobody   not mended');
const placeOf = ({ file }: Flip) => file.split('/')[0]!;
for (const place of new Set(flips.map(placeOf))) {
  const own = flips.filter((flip) => placeOf(flip) === place);
  const count = (is: (flip: Flip) => boolean) => own.filter(is).length;
  const cells = [
    own.length,
    count(({ asked }) => asked === 'right'),
    count(({ asked }) => asked === 'refused'),
    count(({ asked }) => asked === 'wrong'),
    count(({ foundBy }) => foundBy === 'verify'),
    count(({ foundBy }) => foundBy === 'deep'),
    count(({ foundBy }) => foundBy === 'nobody'),
    count(({ broken }) => broken.length > 0),
  ];
  const widths = [6, 15, 9, 7, 18, 8, 8, 13];
  console.log(`${place.padEnd(13)}${cells.map((n, i) => `${n}`.padStart(widths[i]!)).join('')}`);
}
const isCatalog = ({ file }: Flip) => file.startsWith('catalog.sqlite');
const isLost =
  rounds.some(({ broken }) => broken.length > 0) ||
  flips.some((flip) => !isCatalog(flip) && (flip.asked === 'wrong' || flip.broken.length > 0));
process.exitCode = isLost ? 1 : 0;
