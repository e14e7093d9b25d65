// Reads every file of a folder as `sandglass index` does, in worker threads with limits of time and memory; prints one line of JSON
// a file: { path, format (the extension), status, code?, message?, words?, partial?, seconds? } and one a format: { format, seconds }.
// With `--each`, one file at a time, each with the processor time it took, which other work on the machine leaves alone. Build first.
import { readdirSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { extractAll } from '../dist/features/pool.js';
import { startThreadPool } from '../dist/features/thread-pool.js';

const [folder, each] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('Expected a folder to read.');

const byFormat = new Map();
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const format = extname(entry.name).slice(1).toLowerCase() || 'none';
  byFormat.set(format, [...(byFormat.get(format) ?? []), join(entry.parentPath, entry.name)]);
}
for (const [format, paths] of [...byFormat].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const begun = performance.now();
  const reading =
    each === '--each' ? oneByOne(paths.sort()) : extractAll(paths.sort().map((absolute) => ({ absolute })));
  for await (const { file, result, seconds } of reading) {
    const { code, message } = result.status === 'ok' ? {} : result.error;
    const path = relative(folder, file.absolute).replaceAll('\\', '/');
    const { status, words, partial } = result;
    console.log(JSON.stringify({ path, format, status, code, message, words, partial, seconds }));
  }
  console.log(JSON.stringify({ format, seconds: (performance.now() - begun) / 1_000 }));
}

async function* oneByOne(paths) {
  const settings = { threads: 1, limits: {}, purpose: { keep: false }, timeoutSeconds: 60, threadMemory: 1_024 };
  const pool = await startThreadPool(settings);
  try {
    for (const absolute of paths) {
      const begun = process.cpuUsage();
      const [result] = await pool.extract([absolute]);
      const { user, system } = process.cpuUsage(begun);
      yield { file: { absolute }, result, seconds: (user + system) / 1e6 };
    }
  } finally {
    await pool.close();
  }
}
