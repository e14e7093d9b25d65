// How fast is the graph built and asked, beside hnswlib for Python and usearch? Each in a process of its own, one thread.
//
// Codes of 128 numbers, of length 1: 2,000 centres and noise, drawn (seed 1234). M 16, efConstruction 200.
// Bars at a recall@10 of .98: built at .7 × hnswlib's speed or more, at 1.0 × where hnswlib-node was built for the processor;
// asked at 1.0 × or more.
// Options: --count N (200000), --questions N (1000), --efs 16,32,64,128,
// --modules FOLDER (in its node_modules: hnswlib-node built for the processor, usearch; docs/scale.md says how).
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allocateFloats } from '../dist/index/code-memory.js';
import { searchDot } from '../dist/index/exact.js';
import { Random } from '../dist/training/random.js';
import { missingModules, pythonVersions, runContestant } from './contestant.ts';
import { cached } from './data.ts';
import { CONTEST_K, type GraphFigures } from './graph-contest.ts';
import { installed, printHeader } from './machine.ts';

const DIMENSIONS = 128;
const CENTRES = 2_000;
const [M, EF_CONSTRUCTION] = [16, 200];
const ENOUGH = 0.98;

const { values: flags } = parseArgs({
  options: {
    count: { type: 'string', default: '200000' },
    questions: { type: 'string', default: '1000' },
    efs: { type: 'string', default: '16,32,64,128' },
    modules: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const [count, questions] = [Number(flags.count), Number(flags.questions)];
const folder = await cached(`hnsw-${count}-${questions}`, drawCodes);

printHeader(
  `A graph over ${count.toLocaleString('en')} codes of ${DIMENSIONS} numbers`,
  installed('hnswlib-node'),
  pythonVersions('hnswlib', 'numpy'),
);
const settings = [folder, ...[DIMENSIONS, M, EF_CONSTRUCTION].map(String), flags.efs];
const figures = new Map<string, GraphFigures>();
const contest = async (name: string, script: string, ...from: string[]): Promise<void> => {
  const told = (await runContestant(script, ...settings, ...from)) as unknown as GraphFigures;
  figures.set(name, told);
  console.log(`${name}: built in ${told.built.toFixed(1)} s, ${told.megabytes.toFixed(0)} MB`);
  console.log('   ef      ms  recall@10');
  for (const { ef, ms, recall } of told.found)
    console.log(String(ef).padStart(5), ms.toFixed(3).padStart(7), recall.toFixed(4).padStart(10));
};

const PYTHON_NAME = 'hnswlib for Python';
await contest('hnswlib-node', 'hnsw-node.ts', join(import.meta.dirname, '..'));
for (const [module, name, script] of [
  ['hnswlib-node', 'hnswlib-node, --modules', 'hnsw-node.ts'],
  ['usearch', 'usearch', 'hnsw-usearch.ts'],
] as const) {
  const modules = flags.modules === undefined ? undefined : resolve(flags.modules);
  if (modules !== undefined && existsSync(join(modules, 'node_modules', module))) await contest(name, script, modules);
  else console.log(`without ${name}: no folder with ${module} in its node_modules was named with --modules`);
}
const lacking = missingModules('hnswlib', 'numpy');
if (lacking === undefined) await contest(PYTHON_NAME, 'hnsw.py');
else console.log(`without ${PYTHON_NAME}: ${lacking}`);

const peer = figures.get(PYTHON_NAME);
if (peer !== undefined) {
  console.log(`\nspeed, ${PYTHON_NAME} = 1 (bars: built .7, 1.0 with --modules; asked 1.0)`);
  const asked = (found: GraphFigures['found']) => found.find(({ recall }) => recall >= ENOUGH);
  for (const [name, { built, found }] of figures) {
    const [own, its] = [asked(found), asked(peer.found)];
    const speed = own && its ? (its.ms / own.ms).toFixed(2) : `never a recall of ${ENOUGH}`;
    console.log(`${name}: built ${(peer.built / built).toFixed(2)}, asked ${speed} (least ef with ${ENOUGH})`);
  }
}

/** Writes what the contestants read: graph-contest.ts. */
function drawCodes(made: string): void {
  const random = new Random(1234);
  const centres = Float32Array.from({ length: CENTRES * DIMENSIONS }, () => random.normal());
  const draw = (codes: Float32Array): void => {
    for (let start = 0; start < codes.length; start += DIMENSIONS) {
      const centre = Math.floor(random.uniform() * CENTRES) * DIMENSIONS;
      let squares = 0;
      for (let i = 0; i < DIMENSIONS; i++) {
        codes[start + i] = centres[centre + i]! + 0.7 * random.normal();
        squares += codes[start + i]! ** 2;
      }
      for (let i = 0; i < DIMENSIONS; i++) codes[start + i]! /= Math.sqrt(squares);
    }
  };
  const asked = new Float32Array(questions * DIMENSIONS);
  const codes = allocateFloats(count, DIMENSIONS);
  draw(asked);
  draw(codes);
  const ranked = { ids: Int32Array.from({ length: count }, (_, i) => i), ties: new Uint32Array(count) };
  const nearest = Array.from({ length: questions }, (_, i) =>
    searchDot(codes, asked.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS), CONTEST_K, ranked).map(({ row }) => row),
  );
  writeFileSync(join(made, 'nearest'), Int32Array.from(nearest.flat()));
  writeFileSync(join(made, 'asked'), asked);
  writeFileSync(join(made, 'codes'), codes);
}
