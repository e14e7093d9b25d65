// What training benchmarks train on, as files that contestants in both languages read: data, weights, order of rows.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Random } from '../dist/training/random.js';
import { cached, dataPath } from './data.ts';
import { CASES, layersOf, rowShape, type TrainingCase } from './train-networks.ts';

/** Where MNIST's pictures are among the data sets. */
export const MNIST = 'mnist/train-images-idx3-ubyte.gz';
const IDX_HEADER = 16;

/** True when `mnist-mlp` and `conv-28` train on MNIST and not on drawn strokes. */
export function hasMnist(): boolean {
  return existsSync(dataPath(MNIST));
}

/**
 * The folder of a case: `case.json`, `data.bin` (bytes), `weights.bin` (float32) and `order.bin` (int64: the rows in a
 * random order, whole batches, which is gone through again and again).
 */
export function trainingFolder(name: string): Promise<string> {
  const given = CASES[name]!;
  const { network, rows, batch } = given;
  const mnist = network.kind === 'dense' ? network.widths[0] === 784 : network.side === 28;
  const source = mnist && hasMnist() ? 'mnist' : 'drawn';
  return cached(`train-${name}-${source}`, (folder) => {
    const random = new Random(7);
    writeFileSync(join(folder, 'case.json'), JSON.stringify(given));
    writeFileSync(join(folder, 'weights.bin'), drawWeights(given, random.fork()));
    const order = random.permutation(rows).subarray(0, rows - (rows % batch));
    writeFileSync(join(folder, 'order.bin'), BigInt64Array.from(order, BigInt));
    writeFileSync(join(folder, 'data.bin'), source === 'mnist' ? readMnist() : drawData(given, random.fork()));
  });
}

function readMnist(): Uint8Array {
  return gunzipSync(readFileSync(dataPath(MNIST))).subarray(IDX_HEADER);
}

/** He's uniform weights; biases of 0. */
function drawWeights({ network }: TrainingCase, random: Random): Float32Array {
  const parts = layersOf(network).flatMap(({ weights, bias, fanIn }) => {
    const limit = Math.sqrt(6 / fanIn);
    const count = weights.reduce((product, size) => product * size, 1);
    return [Float32Array.from({ length: count }, () => random.between(-limit, limit)), new Float32Array(bias)];
  });
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function drawData({ network, rows, content }: TrainingCase, random: Random): Uint8Array {
  const shape = rowShape(network);
  if (content === 'words') return drawWords(rows, shape[0]!, random);
  const [channels, side] = shape.length === 3 ? [shape[0]!, shape[1]!] : [1, Math.sqrt(shape[0]!)];
  return drawStrokes(rows, channels, side, random);
}

/** Three soft strokes a picture, each of one colour. */
function drawStrokes(rows: number, channels: number, side: number, random: Random): Uint8Array {
  const pictures = new Uint8Array(rows * channels * side * side);
  const thickness = (1.5 * side) / 28;
  const reach = Math.ceil(thickness);
  for (let stroke = 0; stroke < rows * 3; stroke++) {
    const first = Math.floor(stroke / 3) * channels;
    const colour = Array.from({ length: channels }, () => random.between(120, 255));
    let [x, y] = [random.between(0.2, 0.8) * side, random.between(0.2, 0.8) * side];
    let angle = random.between(0, 2 * Math.PI);
    const bend = random.between(-0.3, 0.3);
    for (let dab = 0; dab < 12; dab++) {
      x += (Math.cos(angle) * side) / 28;
      y += (Math.sin(angle) * side) / 28;
      angle += bend;
      for (let row = Math.max(0, Math.round(y) - reach); row <= Math.min(side - 1, Math.round(y) + reach); row++) {
        for (
          let column = Math.max(0, Math.round(x) - reach);
          column <= Math.min(side - 1, Math.round(x) + reach);
          column++
        ) {
          const light = Math.max(0, 1 - ((row - y) ** 2 + (column - x) ** 2) / (2 * thickness ** 2));
          colour.forEach((full, channel) => {
            const place = ((first + channel) * side + row) * side + column;
            pictures[place] = Math.max(pictures[place]!, full * light);
          });
        }
      }
    }
  }
  return pictures;
}

/** Counts of some 60 different words a document, most of them near the document's topic. */
function drawWords(rows: number, words: number, random: Random): Uint8Array {
  const counts = new Uint8Array(rows * words);
  const topics = 20;
  for (let row = 0; row < rows; row++) {
    const topic = random.integer(topics);
    for (let word = 0; word < 84; word++) {
      const rank = random.uniform() ** 3;
      const place = random.chance(0.6) ? (topic + rank) * (words / topics) : rank * words;
      counts[row * words + (Math.floor(place) % words)]!++;
    }
  }
  return counts;
}
