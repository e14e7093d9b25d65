// The truncated decomposition of a sparse matrix. Usage: svd.ts <folder> <rows> <columns> <size>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { truncatedSvd } from '../../dist/training/truncated-svd.js';

const [folder, rows, columns, size] = process.argv.slice(2) as [string, string, string, string];
const read = (name: string): ArrayBuffer => new Uint8Array(readFileSync(join(folder, name))).buffer;
const matrix = {
  rows: Number(rows),
  columns: Number(columns),
  indptr: new Uint32Array(read('indptr')),
  indices: new Uint32Array(read('indices')),
  values: new Float32Array(read('values')),
};
const before = process.cpuUsage();
const began = performance.now();
const { singularValues } = await truncatedSvd(matrix, Number(size));
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
const values = Array.from(singularValues);
console.log(JSON.stringify({ items: matrix.rows, seconds, cpuSeconds: (user + system) / 1e6, values }));
