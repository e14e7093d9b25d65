// What is harmed: operations on an index, each in a process of its own.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is killed. */
export const OPERATIONS = [
  'index',
  'index again',
  'store',
  'train',
  'watch',
  'upgrade',
  'forget',
  'gc',
  'backup',
  'export',
  'repair',
] as const;
/** `drop` and `ask` are for storms. */
export type Operation = (typeof OPERATIONS)[number] | 'drop' | 'ask';

const LIBRARY = new URL('../../dist/sandglass.js', import.meta.url).href;
/** For who else writes. */
const WAIT = 'waitSeconds: 300';

interface RunOptions {
  /** Where the program is put. */
  readonly script: string;
  /** Where a backup or export goes. @default `out` in the folder */
  readonly out?: string;
  /** Milliseconds. @default never */
  readonly killAfter?: number;
}

/**
 * Runs an operation on the index in `folder/.sandglass`, whose files are in `folder/files`.
 *
 * @returns its exit code, null where it was killed, and all that it said: a line `stored N` whenever N files are
 */
export function run(
  operation: Operation,
  folder: string,
  { script, out = join(folder, 'out'), killAfter }: RunOptions,
): Promise<{ code: number | null; said: string }> {
  const files = JSON.stringify(join(folder, 'files'));
  const to = JSON.stringify(out);
  const indexing = (options: string) => `
    for await (const event of index.add(${files}, { threads: 1, quality: 'fast', ${WAIT}, ${options} }))
      if (event.phase === 'store') say('stored ' + event.stored);`;
  const work: Readonly<Record<typeof operation, string>> = {
    index: indexing(''),
    'index again': indexing(''),
    store: indexing("train: 'never'"),
    train: indexing("train: 'always'"),
    watch: `
      let stored = 0;
      for await (const event of index.watch({ paths: [${files}], train: 'never', threads: 1, debounceMs: 50 })) {
        if (event.phase === 'ready') change(0);
        if (event.phase !== 'batch') continue;
        stored += event.batch.added;
        say('stored ' + stored);
        if (stored >= 24) break;
        change(stored);
      }`,
    upgrade: indexing(''),
    forget: `await index.forget('sea/*', { keepOut: true, ${WAIT} });`,
    gc: `await index.forget('sea/*', { compact: false, keepOut: false, ${WAIT} }); await index.collectGarbage({ ${WAIT} });`,
    drop: `await index.forget('chess/1*', { ${WAIT} }); await index.collectGarbage({ ${WAIT} });`,
    backup: `await index.backup(${to});`,
    export: `await index.export(${to});`,
    repair: `await index.verify({ repair: true, ${WAIT} });`,
    ask: `
      for (let i = 0; i < 40; i++) {
        const { hits } = await index.query({ text: 'oven dough salt' }, { method: 'tfidf', k: 8 });
        if (hits.length !== 8) throw new Error('Expected 8 hits but received ' + hits.length);
      }`,
  };
  writeFileSync(
    script,
    `import { mkdirSync, writeFileSync, writeSync } from 'node:fs'; import { open } from '${LIBRARY}';
    const say = (line) => writeSync(1, line + '\\n');
    const change = (from) => {
      try {
        mkdirSync(${files} + '/watched', { recursive: true });
        for (let i = from; i < Math.min(24, from + 6); i++)
          writeFileSync(${files} + '/watched/' + i + '.txt', 'queen rook board ship number' + i);
      } catch {
        // Its disk may be full.
        setTimeout(change, 300, from);
      }
    };
    const index = await open(${JSON.stringify(join(folder, '.sandglass'))}, { create: ${operation !== 'ask'}, device: 'cpu' });
    ${work[operation]}
    await index.close();`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, said });
    });
  });
}
