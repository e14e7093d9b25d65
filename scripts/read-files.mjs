// Reads every file of a folder as `sandglass index` does, in worker threads with limits of time and memory; prints one line of JSON
// a file: { path, format (the extension), status, code?, message?, words? } and one a format: { format, seconds }. Build first.
import { readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { extractAll } from '../dist/features/pool.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('Expected a folder to read.');

const byFormat = new Map();
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const format = extname(entry.name).slice(1).toLowerCase() || 'none';
  byFormat.set(format, [...(byFormat.get(format) ?? []), join(entry.parentPath, entry.name)]);
}
for (const [format, paths] of [...byFormat].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const begun = performance.now();
  for await (const { file, result } of extractAll(paths.sort().map((absolute) => ({ absolute })))) {
    const { code, message } = result.status === 'ok' ? {} : result.error;
    const path = relative(folder, file.absolute).replaceAll('\\', '/');
    console.log(JSON.stringify({ path, format, status: result.status, code, message, words: result.words }));
  }
  console.log(JSON.stringify({ format, seconds: (performance.now() - begun) / 1_000 }));
}
