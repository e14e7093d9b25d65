// Sandglass, reading only: lists a folder, reads every file, makes its feature. Usage: extract.mjs <folder>
import { extractAll } from '../../dist/features/pool.js';
import { walk } from '../../dist/files/walk.js';
import { measured } from './measured.mjs';

const [folder] = process.argv.slice(2);

async function* files() {
  for await (const entry of walk(folder)) if (entry.type === 'file') yield entry;
}

await measured(async () => {
  let read = 0;
  for await (const { result } of extractAll(files())) if (result.status === 'ok') read++;
  return read;
});
