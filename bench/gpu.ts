// What does a graphics card bring, do its codes agree with the CPU's, and how far is PyTorch on the same card?
//
// Encoders and the networks of train.ts run on the CPU and on the card, from the same weights on the same rows. Without a card
// that works it says why, and ends well.
// Options: --device cuda|webgpu|cpu (cuda; cpu only tries the benchmark itself), --rounds N (3), --steps N (500), --json, --fresh.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Device, deviceProblem } from '../dist/runtime/onnx-session.js';
import { runTraining } from '../dist/training/trainer.js';
import { missingModules, PYTHON, pythonVersions, runContestant } from './contestant.ts';
import { type Agreement, agreementOf, encodeOn, imageCase, textCase } from './gpu-encoders.ts';
import { installed, printHeader } from './machine.ts';
import { choiceOption, numberOption } from './options.ts';
import { trainingFolder } from './train-data.ts';
import { cutParameters, programOf, rowShape, type TrainingCase } from './train-networks.ts';

const BATCHES = [128, 1024];
const NETWORKS = ['mnist-mlp', 'conv-28'];
const WARM_UP = 20;
/** Codes of both devices: the least cosine, and the share of equal signs. Losses: the largest relative difference. */
const BARS = { cosine: 0.9999, bits: 0.99, losses: 0.01 };

const json = process.argv.includes('--json');
const say = (line: string) => {
  if (!json) console.log(line);
};
const device = choiceOption('device', ['cuda', 'webgpu', 'cpu'], 'cuda');
const rounds = numberOption('rounds', 3);
const steps = numberOption('steps', 500);

const problem = device === 'cpu' ? undefined : await deviceProblem(device);
if (problem !== undefined) {
  console.log(
    json ? JSON.stringify({ device, skipped: problem }) : `skipped: no ${device} on this machine: ${problem}`,
  );
  process.exit(0);
}
const torch = device === 'cuda' ? torchProblem() : 'only with --device cuda';
const card = device === 'cuda' ? cardOf() : '';
if (!json) {
  const python = torch === undefined ? pythonVersions('torch') : '';
  printHeader(`The CPU and ${device} ${card}`, installed('onnxruntime-node'), python);
}

const encoders = [];
for (const make of [textCase, imageCase]) {
  const given = await make();
  for (const batch of BATCHES) {
    const onCpu = await encodeOn('cpu', given, batch, rounds);
    const onCard = await encodeOn(device, given, batch, rounds);
    const agreement = agreementOf(onCpu, onCard);
    encoders.push({ name: given.name, batch, cpu: onCpu.perSecond, device: onCard.perSecond, ...agreement });
    say(`${given.name}, batches of ${batch}: ${rates(onCpu.perSecond, onCard.perSecond)}; ${agreementText(agreement)}`);
  }
}

const training = [];
for (const name of NETWORKS) {
  const folder = await trainingFolder(name);
  const onCpu = await trainOn('cpu', folder);
  const onCard = await trainOn(device, folder);
  const difference = Math.max(...onCpu.losses.map((loss, i) => Math.abs(onCard.losses[i]! - loss) / loss));
  const peers: Record<string, number> = {};
  for (const mode of torch === undefined ? ['eager', 'fused'] : []) {
    const { seconds, items } = await runContestant('torch-gpu.py', folder, `${steps}`, `${WARM_UP}`, mode);
    peers[mode] = (1000 * seconds) / items!;
  }
  training.push({ name, cpu: onCpu.msPerStep, device: onCard.msPerStep, difference, torch: peers });
  say(
    `${name}: ${onCpu.msPerStep.toFixed(2)} ms a step on the CPU, ${onCard.msPerStep.toFixed(2)} on ${device}; losses differ by ` +
      `${(100 * difference).toFixed(2)} % at most (bar ${100 * BARS.losses} %)`,
  );
  for (const [mode, ms] of Object.entries(peers)) {
    say(`  PyTorch ${mode} on the same card: ${ms.toFixed(2)} ms a step, ${(ms / onCard.msPerStep).toFixed(2)} × ours`);
  }
}
if (torch !== undefined) say(`without PyTorch: ${torch}`);
if (json) console.log(JSON.stringify({ device, card, steps, rounds, encoders, training, torch: torch ?? 'present' }));

async function trainOn(where: Device, folder: string): Promise<{ msPerStep: number; losses: number[] }> {
  const described = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as TrainingCase;
  const { network, batch, rows } = described;
  const weights = new Float32Array(new Uint8Array(readFileSync(join(folder, 'weights.bin'))).buffer);
  const order = new BigInt64Array(new Uint8Array(readFileSync(join(folder, 'order.bin'))).buffer);
  const data = new Uint8Array(readFileSync(join(folder, 'data.bin')));
  let measured = { step: 0, began: performance.now() };
  const { losses } = await runTraining(
    programOf('gpu', described),
    (first, count) => ({
      rows: {
        data: BigInt64Array.from({ length: count * batch }, (_, i) => order[(first * batch + i) % order.length]!),
        shape: [count, batch],
      },
    }),
    {
      steps: steps + WARM_UP,
      schedule: { kind: 'constant', rate: 1e-3 },
      seed: 1,
      start: cutParameters(network, weights),
      resident: { data: { data, shape: [rows, ...rowShape(network)] } },
      device: where,
      onProgress({ step }) {
        // The first chunk is short; after it the clock starts anew.
        if (measured.step === 0 && step >= WARM_UP && step < steps + WARM_UP) {
          measured = { step, began: performance.now() };
        }
      },
    },
  );
  const msPerStep = (performance.now() - measured.began) / (steps + WARM_UP - measured.step);
  return { msPerStep, losses: [...losses] };
}

function rates(cpu: number, card: number): string {
  return `${cpu.toFixed(0)} rows/s on the CPU, ${card.toFixed(0)} on ${device} (${(card / cpu).toFixed(1)} ×)`;
}

function agreementText({ leastCosine, bits }: Agreement): string {
  const fits = leastCosine >= BARS.cosine && bits >= BARS.bits;
  return (
    `cosine ≥ ${leastCosine.toFixed(6)} (bar ${BARS.cosine}), ${(100 * bits).toFixed(2)} % of bits ` +
    `(bar ${100 * BARS.bits} %)${fits ? '' : '  BELOW THE BAR'}`
  );
}

function torchProblem(): string | undefined {
  const missing = missingModules('torch');
  if (missing !== undefined) return missing;
  const program = 'import torch; print(torch.cuda.is_available())';
  const answer = execFileSync(PYTHON, ['-c', program], { encoding: 'utf8', stdio: 'pipe' }).trim();
  return answer === 'True' ? undefined : `${PYTHON} has a PyTorch that sees no card`;
}

/** Name and driver as nvidia-smi says them. */
function cardOf(): string {
  try {
    const wanted = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    return `(${execFileSync('nvidia-smi', wanted, { encoding: 'utf8', stdio: 'pipe' }).trim().split('\n')[0]})`;
  } catch {
    return '';
  }
}
