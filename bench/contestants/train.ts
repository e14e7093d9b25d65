// Sandglass, training a network of train-networks.ts. Usage: train.ts <folder of the case> <steps> <steps to warm up> [rows]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTraining } from '../../dist/training/trainer.js';
import type { Sample } from '../rounds.ts';
import { cutParameters, programOf, rowShape, type TrainingCase } from '../train-networks.ts';

const [folder = '', steps = '', warmUp = '', most = ''] = process.argv.slice(2);
const read = (name: string) => readFileSync(join(folder, name));
const described = JSON.parse(read('case.json').toString()) as TrainingCase;
const rows = most === '' ? described.rows : Math.min(described.rows, Number(most));
const { network, batch } = described;
const shape = rowShape(network);
const weights = new Float32Array(new Uint8Array(read('weights.bin')).buffer);
const order = new BigInt64Array(new Uint8Array(read('order.bin')).buffer).filter((row) => row < rows);
const data = read('data.bin').subarray(0, rows * shape.reduce((product, size) => product * size, 1));

const total = Number(steps) + Number(warmUp);
let measured = { step: 0, began: performance.now(), cpu: process.cpuUsage() };
const { losses } = await runTraining(
  programOf('bench', { ...described, rows }),
  (first, count) => ({
    rows: {
      data: BigInt64Array.from({ length: count * batch }, (_, i) => order[(first * batch + i) % order.length]!),
      shape: [count, batch],
    },
  }),
  {
    steps: total,
    schedule: { kind: 'constant', rate: 1e-3 },
    seed: 1,
    start: cutParameters(network, weights),
    resident: { data: { data, shape: [rows, ...shape] } },
    device: 'cpu',
    threads: 2,
    spinning: true, // as sandglass train does
    onProgress({ step }) {
      // The first chunk is short; after it the clock starts anew.
      if (measured.step === 0 && step >= Number(warmUp) && step < total && Number(warmUp) > 0) {
        measured = { step, began: performance.now(), cpu: process.cpuUsage() };
      }
    },
  },
);
const seconds = (performance.now() - measured.began) / 1000;
const { user, system } = process.cpuUsage(measured.cpu);
const sample: Sample = {
  items: total - measured.step,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakMegabytes: Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024,
};
console.log(JSON.stringify({ ...sample, losses: [losses[0], losses.at(-1)] }));
