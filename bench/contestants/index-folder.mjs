// Sandglass, the whole of indexing through the library. Usage: index-folder.mjs <index> <folder> [auto|never]
import { open } from '../../dist/sandglass.js';
import { measured } from './measured.mjs';

const [directory, folder, train = 'never'] = process.argv.slice(2);

await measured(async () => {
  const index = await open(directory, { create: true });
  let indexed = 0;
  for await (const event of index.add(folder, { train })) {
    if (process.env.BENCH_PHASES)
      process.stderr.write(`${event.phase} ${Math.round(process.memoryUsage.rss() / 2 ** 20)}\n`);
    if (event.phase === 'done') indexed = event.summary.added + event.summary.changed;
  }
  await index.close();
  return indexed;
});
