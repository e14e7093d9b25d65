// `bench/images.ts --only attacks`: runs the attack benchmark for every method and prints its tables.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawAttackChart } from './attack-chart.ts';
import { attackRecall, RECALL_PROTOCOL, type RecallFigures, SPLIT_SEEDS, splitOf } from './attack-recall.ts';
import { attackedPhotos, featuresOf, type PictureFiles, photoFiles } from './attacked-photos.ts';
import { missingModules, PYTHON, pythonVersions } from './contestant.ts';
import { scratch } from './data.ts';
import { ATTACK_DIFFERENCES, ATTACKS, ATTACKS_VERSION } from './image-attacks.ts';
import { bitsRanker, encoderRankers, type PictureRanker, plainRankers } from './image-methods.ts';

const PUBLISHED =
  'published, 500 photos (same repository): aHash .718, dHash .815, PHash .826, ORB .847, ResNet101 .863, SimCLR ResNet50-2x .882';
const HASH_BYTES = 8;

/** A method with its figures of every split. */
export interface AttackResult {
  readonly name: string;
  readonly kept: string;
  readonly splits: readonly RecallFigures[];
  /** Mean over the splits, in the order of the attacks. */
  readonly perAttack: readonly number[];
}

export interface AttackOptions {
  readonly encoders: readonly string[];
  readonly sizes: readonly number[];
  /** Draw docs/image-attacks.svg. */
  readonly chart: boolean;
}

export async function reportAttacks({ encoders, sizes, chart }: AttackOptions): Promise<void> {
  const photos = await photoFiles();
  const attacked = await attackedPhotos();
  const features = [...(await featuresOf('photos', photos)), ...(await featuresOf('attacks', attacked))];
  const rankers = await plainRankers(features);
  const peer = pythonHashes([photos, attacked]);
  if (peer !== undefined) {
    const ours = features.flatMap(({ phash }) => [...phash]);
    const same = features.filter((_, row) =>
      peer.subarray(row * HASH_BYTES, (row + 1) * HASH_BYTES).every((byte, i) => byte === ours[row * HASH_BYTES + i]),
    );
    console.log(
      `phash of ${features.length} files: ${same.length} equal to Python imagehash's (${pythonVersions('ImageHash', 'pillow')})\n`,
    );
    rankers.push(bitsRanker('imagehash phash', peer, HASH_BYTES));
  }
  for (const folder of encoders) rankers.push(...(await encoderRankers(folder, features, sizes)));

  console.log(`protocol: ${RECALL_PROTOCOL}`);
  console.log(`attacks: version ${ATTACKS_VERSION}; ${ATTACK_DIFFERENCES}`);
  console.log(`${PUBLISHED}\n`);
  const results = rankers.map((ranker) => measured(ranker, photos.paths.length));
  printRecalls(results);
  printPerAttack(results);
  if (chart) drawAttackChart(results);
}

function measured(ranker: PictureRanker, photos: number): AttackResult {
  const splits = SPLIT_SEEDS.map((seed) => attackRecall(ranker, photos, splitOf(photos, seed)));
  return {
    name: ranker.name,
    kept: ranker.kept,
    splits,
    perAttack: ATTACKS.map((_, attack) => mean(splits.map(({ perAttack }) => perAttack[attack]!))),
  };
}

/** PHash by Python of all these files, kept beside the attacked ones; undefined where Python has no imagehash. */
function pythonHashes(files: readonly PictureFiles[]): Uint8Array | undefined {
  const kept = `${files.at(-1)!.folder}-imagehash`;
  if (!existsSync(kept)) {
    const missing = missingModules('imagehash', 'PIL');
    if (missing !== undefined) {
      console.log(`without imagehash: ${missing}\n`);
      return undefined;
    }
    const list = `${scratch('imagehash')}.txt`;
    writeFileSync(list, files.flatMap(({ folder, paths }) => paths.map((path) => join(folder, path))).join('\n'));
    const unfinished = `${kept}.unfinished`;
    execFileSync(PYTHON, [join(import.meta.dirname, 'contestants/imagehash-bits.py'), list, unfinished]);
    renameSync(unfinished, kept);
  }
  return new Uint8Array(Buffer.from(readFileSync(kept, 'utf8').replaceAll('\n', ''), 'hex'));
}

function printRecalls(results: readonly AttackResult[]): void {
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log(`${''.padEnd(width)}  kept        recall (least–most)   at .5 %  right  false positives`);
  for (const { name, kept, splits } of results) {
    const recalls = splits.map(({ recall }) => recall);
    const range = `${figure(mean(recalls))} (${figure(Math.min(...recalls))}–${figure(Math.max(...recalls))})`;
    const right = figure(mean(splits.map((split) => split.right)));
    const exact = figure(mean(splits.map(({ interpolated }) => interpolated)));
    const passed = (100 * mean(splits.map(({ falsePositives }) => falsePositives))).toFixed(2);
    console.log(
      `${name.padEnd(width)}  ${kept.padEnd(10)}  ${range.padEnd(20)}  ${exact.padEnd(7)}  ${right.padEnd(5)}  ${passed} %`,
    );
  }
}

function printPerAttack(results: readonly AttackResult[]): void {
  console.log('\nrecall of each attack, mean of the splits:');
  results.forEach(({ name }, i) => {
    console.log(`  ${letter(i)} ${name}`);
  });
  console.log(`${''.padEnd(20)}${results.map((_, i) => letter(i).padStart(5)).join('')}`);
  ATTACKS.forEach(({ name }, attack) => {
    const cells = results.map(({ perAttack }) => perAttack[attack]!.toFixed(2).replace(/^0/, '').padStart(5));
    console.log(name.padEnd(20) + cells.join(''));
  });
}

function letter(place: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + place);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function figure(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}
