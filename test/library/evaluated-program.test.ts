// A program that comes as text (`node --input-type=module -e …`) uses the library: its threads, whose modules are files, start all the same.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { threadArguments } from '../../src/thread-arguments.ts';
import { cleanUp, documents, temporaryFolder } from './collection.ts';

afterEach(cleanUp);

const built = (file: string) => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);

function evaluated(program: string, input?: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', ...(input === undefined ? ['-e', program] : [])],
    { encoding: 'utf8', ...(input === undefined ? {} : { input }), timeout: 100_000 },
  );
  return { status, out: stdout.trim().split('\n'), err: stderr };
}

/** Reads in threads, trains in one, asks. */
const indexing = () => `
import { open } from ${built('sandglass.js')};
const index = await open(${JSON.stringify(join(temporaryFolder(), 'index'))}, { create: true });
for await (const event of index.add(${JSON.stringify(documents(20))}, { quality: 'fast', threads: 2 }))
  if (event.phase === 'done') console.log(event.summary.trained.map(({ kind }) => kind).join());
for (const method of ['ae', 'lsa'])
  console.log((await index.query({ text: 'knight bishop' }, { k: 2, method })).hits.length);
await index.close();`;

describe('A program that comes as text', () => {
  it('reads, trains and asks', () => {
    expect(evaluated(indexing())).toEqual({ status: 0, out: ['text', '2', '2'], err: '' });
  });

  it('does so from standard input too', () => {
    expect(evaluated('', indexing())).toEqual({ status: 0, out: ['text', '2', '2'], err: '' });
  });

  it('compares in threads', () => {
    const program = `
import { ScanThreads } from ${built('index/scan-threads.js')};
const threads = ScanThreads.start(1);
for (let i = 0; i < 1000 && !threads.isReady; i++) await new Promise((resolve) => setTimeout(resolve, 10));
console.log(threads.isReady);
process.exit();`;
    expect(evaluated(program)).toEqual({ status: 0, out: ['true'], err: '' });
  });

  it('is told by the option that threads do not take over; all others they do', () => {
    expect(threadArguments(['--input-type=module', '-e', 'program'])).toEqual({ execArgv: [] });
    expect(threadArguments(['--input-type', 'module'])).toEqual({ execArgv: [] });
    expect(threadArguments(['-e', 'program'])).toEqual({});
    expect(threadArguments(['--max-old-space-size=64', '--import', './first.js'])).toEqual({});
  });
});
