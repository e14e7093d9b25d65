// What a benchmark was run on: the first lines of every report.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { basename } from 'node:path';

/** Prints the question, the machine, the versions and the command. */
export function printHeader(question: string, ...versions: string[]): void {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  console.log(question);
  console.log(
    `machine: ${cpus()[0]?.model.trim()}, ${availableParallelism()} processors, ${memory} GiB, ${process.platform}; ` +
      `load ${loadavg()[0]!.toFixed(1)}`,
  );
  console.log(
    `versions: ${[`sandglass ${version}`, `Node ${process.version}`, ...versions].filter(Boolean).join(', ')}`,
  );
  console.log(`command: npx tsx bench/${basename(process.argv[1]!)} ${process.argv.slice(2).join(' ')}\n`);
}

/** The installed version of a package, for {@link printHeader}. */
export function installed(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
}
