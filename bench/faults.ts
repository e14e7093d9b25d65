// How often does a kill -9 harm an index? Kills operations at random moments, and looks at what has to hold.
//
//   npx tsx bench/faults.ts [--rounds 200] [--seed 1]        needs a build
//
// Exit code 1 where anything is lost, or cannot be repaired.
import { parseArgs } from 'node:util';
import { FaultWorld, OPERATIONS, type Round, randomFrom } from '../test/faults/rounds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const random = randomFrom(Number(values.seed));
const world = new FaultWorld();
const all: Round[] = [];
try {
  await world.make();
  for (let i = 0; i < rounds; i++) {
    const round = await world.round(OPERATIONS[i % OPERATIONS.length]!, random);
    all.push(round);
    const { operation, after, finished, told, there, wrong, broken } = round;
    const what =
      broken.length > 0 ? `BROKEN ${broken.join(' | ')}` : wrong.length > 0 ? `repaired ${wrong.join(', ')}` : 'whole';
    console.log(
      `${i + 1}  ${operation}  ${finished ? 'ended' : 'killed'} after ${Math.round(after)} ms  ${told} told, ${there} there  ${what}`,
    );
  }
} finally {
  world.remove();
}
console.log('\noperation      rounds  killed  whole  repaired  broken');
for (const operation of OPERATIONS) {
  const own = all.filter((round) => round.operation === operation);
  const count = (is: (round: Round) => boolean) => String(own.filter(is).length).padStart(7);
  console.log(
    operation.padEnd(13) +
      count(() => true) +
      count(({ finished }) => !finished) +
      count(({ wrong, broken }) => wrong.length + broken.length === 0) +
      count(({ wrong, broken }) => wrong.length > 0 && broken.length === 0).padStart(9) +
      count(({ broken }) => broken.length > 0),
  );
}
process.exitCode = all.some(({ broken }) => broken.length > 0) ? 1 : 0;
