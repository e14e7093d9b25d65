// How much memory does training take at most?
//
// Bar: data + 12 × the bytes of the parameters + 300 MB, all in the process that trains.
// Options: --only NAME (mnist-mlp and text), --rows N (all), --steps N (100), --fresh.
import { runContestant } from './contestant.ts';
import { printHeader } from './machine.ts';
import { choiceOption, numberOption } from './options.ts';
import { trainingFolder } from './train-data.ts';
import { CASES, parameterCount, rowShape } from './train-networks.ts';

const only = choiceOption('only', [...Object.keys(CASES), 'both'], 'both');
printHeader('Memory while training (bar: data + 12 × parameter bytes + 300 MB)');
for (const name of only === 'both' ? ['mnist-mlp', 'text'] : [only]) {
  const described = CASES[name]!;
  const rows = numberOption('rows', described.rows);
  const data = (rows * rowShape(described.network).reduce((product, size) => product * size, 1)) / 2 ** 20;
  const parameters = (4 * parameterCount(described.network)) / 2 ** 20;
  const bar = data + 12 * parameters + 300;
  const folder = await trainingFolder(name);
  const { peakMegabytes } = await runContestant('train.ts', folder, `${numberOption('steps', 100)}`, '4', `${rows}`);
  console.log(
    `${name}: peak ${peakMegabytes!.toFixed(0)} MB with ${rows.toLocaleString('en')} rows (${data.toFixed(0)} MB) and ` +
      `${parameters.toFixed(0)} MB of parameters  (bar: ${bar.toFixed(0)} MB)`,
  );
}
