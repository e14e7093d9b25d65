// How long does a training step take, beside PyTorch on the same processor, and what is the least it could take?
//
// PyTorch trains the same networks from the same weights on the same batches, held in memory, on two threads; `fused` is
// its Adam in one kernel, `loader` the usual script with a Dataset and a DataLoader. The floor is the products' operations
// at the rate of large matrix products.
// Options: --only NAME (mnist-mlp, conv-28, conv-64, text), --rounds N (5), --steps N (as many as take some seconds),
// --full (20 epochs of mnist-mlp instead), --json, --fresh.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { installed, printHeader } from './machine.ts';
import { choiceOption, numberOption } from './options.ts';
import { type Contestant, interleave, median, type Results } from './rounds.ts';
import { hasMnist, trainingFolder } from './train-data.ts';
import { matrixRate, profileSteps } from './train-floor.ts';
import { CASES, operationsPerStep } from './train-networks.ts';

const OURS = 'sandglass';
const MODES = { eager: 'PyTorch', fused: 'PyTorch, fused Adam', loader: 'PyTorch, DataLoader' } as const;
type Mode = keyof typeof MODES;

interface Plan {
  readonly steps: number;
  /** Modes of PyTorch with how many times as fast training here should be. */
  readonly bars: Readonly<Partial<Record<Mode, number>>>;
}

const PLANS: Readonly<Record<string, Plan>> = {
  'mnist-mlp': { steps: 937, bars: { eager: 2.2, loader: 2.4 } },
  'conv-28': { steps: 200, bars: { eager: 1.1 } },
  'conv-64': { steps: 60, bars: { eager: 1.1 } },
  text: { steps: 60, bars: { eager: 2, fused: 1.3 } },
};
const WARM_UP = 4;
const PROFILED_STEPS = 20;
const EPOCHS = 20;

const json = process.argv.includes('--json');
const say = (line: string) => {
  if (!json) console.log(line);
};
const missing = missingModules('torch');
if (!json) {
  printHeader(
    `Training steps (${hasMnist() ? 'MNIST' : 'drawn strokes'}, drawn pictures, drawn counts of words)`,
    installed('onnxruntime-node'),
    missing === undefined ? pythonVersions('torch') : '',
  );
}
if (missing !== undefined) say(`without PyTorch: ${missing}`);

if (process.argv.includes('--full')) await trainInFull();
else await compareSteps();

async function compareSteps(): Promise<void> {
  const only = choiceOption('only', [...Object.keys(PLANS), 'all'], 'all');
  const rate = await matrixRate();
  say(`large matrix products on 2 threads: ${(rate / 1e9).toFixed(0)} GFLOP/s\n`);
  const reports: Record<string, unknown> = {};
  for (const [name, plan] of Object.entries(PLANS)) {
    if (only !== 'all' && only !== name) continue;
    const folder = await trainingFolder(name);
    const modes = missing === undefined ? (Object.keys(plan.bars) as Mode[]) : [];
    const results = await interleave(
      contestants(folder, numberOption('steps', plan.steps), modes),
      numberOption('rounds', 5),
    );
    say(`${name}: ${CASES[name]!.title}`);
    const steps = sayResults(results, plan, modes);
    reports[name] = { ...steps, ...(await sayFloor(name, folder, rate, steps[OURS]!.least)) };
    say('');
  }
  if (json) console.log(JSON.stringify({ matrixRate: rate, ...reports }));
}

function contestants(folder: string, steps: number, modes: readonly Mode[]): Contestant[] {
  const values = [folder, `${steps}`, `${WARM_UP}`];
  return [
    { name: OURS, run: () => runContestant('train.ts', ...values) },
    ...modes.map((mode) => ({ name: MODES[mode], run: () => runContestant('torch-train.py', ...values, mode) })),
  ];
}

interface StepTimes {
  /** Milliseconds a step: middle and least of the rounds; processor time of all threads. */
  readonly median: number;
  readonly least: number;
  readonly cpu: number;
}

function sayResults(results: Results, { bars }: Plan, modes: readonly Mode[]): Record<string, StepTimes> {
  const times: Record<string, StepTimes> = {};
  for (const [name, samples] of results) {
    const perStep = samples.map(({ seconds, items }) => (seconds / items!) * 1000);
    const cpu = median(samples.map(({ cpuSeconds, items }) => (cpuSeconds! / items!) * 1000));
    times[name] = { median: median(perStep), least: Math.min(...perStep), cpu };
    const { median: middle, least } = times[name];
    say(`  ${name.padEnd(20)} ${ms(middle)} ms a step by median, ${ms(least)} at best, ${ms(cpu)} of processor time`);
  }
  for (const mode of modes) {
    const [ours, theirs] = [times[OURS]!, times[MODES[mode]]!];
    say(
      `  ${OURS} is ${(theirs.least / ours.least).toFixed(2)} × as fast as ${MODES[mode]} at best, ` +
        `${(theirs.median / ours.median).toFixed(2)} × by medians (bar: ${bars[mode]} ×)`,
    );
  }
  return times;
}

async function sayFloor(name: string, folder: string, rate: number, least: number): Promise<Record<string, unknown>> {
  const described = CASES[name]!;
  const operations = operationsPerStep(described);
  const floor = (operations / rate) * 1000;
  const read = (file: string) => new Uint8Array(readFileSync(join(folder, file)));
  const inputs = {
    data: read('data.bin'),
    weights: new Float32Array(read('weights.bin').buffer),
    order: new BigInt64Array(read('order.bin').buffer),
  };
  const { slowest, ...parts } = await profileSteps(described, inputs, PROFILED_STEPS);
  const total = parts.products + parts.optimizer + parts.rest;
  const share = (part: number) => `${((100 * part) / total).toFixed(0)} %`;
  say(
    `  floor: ${(operations / 1e6).toFixed(0)} MFLOP a step = ${ms(floor)} ms, ${((100 * floor) / least).toFixed(0)} % of the best time`,
  );
  say(
    `  profile: products ${share(parts.products)}, optimizer ${share(parts.optimizer)}, rest ${share(parts.rest)} of ${ms(total)} ms ` +
      `(${slowest.map(([operator, time]) => `${operator} ${ms(time)}`).join(', ')})`,
  );
  return { operations, floor, ...parts };
}

/** Bar: 60,000 × 20 epochs of mnist-mlp in under 40 s on two quiet cores, start of the process included. */
async function trainInFull(): Promise<void> {
  const { rows, batch } = CASES['mnist-mlp']!;
  const steps = EPOCHS * Math.floor(rows / batch);
  const folder = await trainingFolder('mnist-mlp');
  const modes: Mode[] = missing === undefined ? ['eager', 'loader'] : [];
  const whole = [folder, `${steps}`, '0'];
  const runs = [
    { name: OURS, run: () => runContestant('train.ts', ...whole) },
    ...modes.map((mode) => ({ name: MODES[mode], run: () => runContestant('torch-train.py', ...whole, mode) })),
  ];
  const results = await interleave(runs, numberOption('rounds', 1));
  for (const [name, samples] of results) {
    const least = Math.min(...samples.map(({ seconds }) => seconds));
    const cpu = median(samples.map(({ cpuSeconds }) => cpuSeconds!));
    say(`${name}: ${least.toFixed(1)} s for ${EPOCHS} epochs of ${rows} rows, ${cpu.toFixed(1)} s of processor time`);
  }
  say('bar: under 40 s');
  if (json) console.log(JSON.stringify(Object.fromEntries(results)));
}

function ms(milliseconds: number): string {
  return milliseconds.toFixed(milliseconds < 10 ? 2 : 1);
}
