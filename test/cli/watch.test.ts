// `sandglass watch` as a process: what it prints, how it ends, what works beside it, what it says when it cannot follow.
import { spawn, spawnSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, documents, temporaryFolder, write } from '../library/collection.ts';
import { listen, MAIN, sandglass, started, until } from './command.ts';

const running: ReturnType<typeof started>[] = [];
afterEach(async () => {
  for (const { child, end } of running.splice(0)) {
    child.kill('SIGKILL');
    await end;
  }
  await cleanUp();
});

/** Starts a watch and waits until it follows its folders. */
async function watching(...args: string[]) {
  const run = started(['watch', '--train', 'never', '--debounce', '200', ...args]);
  running.push(run);
  const { said } = run;
  const json = args.includes('--json');
  await until(() => (json ? said.out.includes('"ready"') : said.err.includes('Ctrl-C')), 'the watch to be ready', 15);
  return run;
}

const onPosix = process.platform === 'win32' ? it.skip : it;
const found = (folder: string, text: string) =>
  sandglass(['query', '--text', text, '--paths', '--method', 'tfidf'], { cwd: folder }).out;

/** Why the limit of followed folders cannot be lowered for one process here. */
const noLimit = (() => {
  const { status, stderr, error } = spawnSync('unshare', [
    '-Ur',
    'sh',
    '-c',
    'echo 3 > /proc/sys/user/max_inotify_watches',
  ]);
  return status === 0 ? undefined : (error?.message ?? String(stderr));
})();
const limited = noLimit === undefined ? it : it.skip;

describe('What cannot be watched', () => {
  it('is told in one line', () => {
    const folder = temporaryFolder();
    expect(sandglass(['watch', '/nowhere/at/all'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^sandglass: .*nothing at \/nowhere\/at\/all.* \[FILE_VANISHED\]\n$/),
    });
    expect(sandglass(['watch'], { cwd: folder })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/\[INDEX_MISSING\]/),
    });
    for (const option of [
      ['--debounce', '1'],
      ['--rescan', '-1'],
      ['--train', 'always'],
    ])
      expect(sandglass(['watch', ...option])).toMatchObject({ code: 2 });
  });

  it('because it is watched already', async () => {
    const folder = documents(1);
    const { child } = await watching(folder);
    expect(sandglass(['watch'], { cwd: folder })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(
        new RegExp(`^sandglass: .* is watched already, by process ${child.pid} on .* \\[INDEX_WATCHED\\]\\n$`),
      ),
    });
    child.kill('SIGKILL');
    await until(() => child.exitCode !== null || child.signalCode !== null, 'it to end');
    await watching(folder);
  });

  limited(
    `by the system is polled, and what to do is said${noLimit === undefined ? '' : ` (skipped: ${noLimit})`}`,
    async () => {
      const folder = documents(1);
      const command = `echo 3 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"`;
      const args = [process.execPath, MAIN, 'watch', '--train', 'never', '--debounce', '200', folder];
      const child = spawn('unshare', ['-Ur', 'sh', '-c', command, ...args]);
      const { said, end } = listen(child);
      try {
        await until(() => said.err.includes('Ctrl-C'), 'the watch', 15);
        expect(said.err).toMatch(
          /by looking through it again and again\. {2}The system lets a user follow .*sysctl fs\.inotify/,
        );
        write(folder, 'chess/new.txt', 'a heron');
        await until(() => said.out.includes('added 1'), 'the batch', 15);
      } finally {
        child.kill('SIGINT');
      }
      expect((await end).code).toBe(0);
    },
  );
});

describe('sandglass watch', () => {
  it('prints a line a batch; another process finds what changed, and may index meanwhile', async () => {
    const folder = documents(3);
    const { said } = await watching(folder);
    expect(said).toEqual({ out: '', err: `watching ${folder}\nCtrl-C ends it.\n` });
    write(folder, 'sea/heron.txt', 'a heron in the reeds');
    await until(() => found(folder, 'heron') === 'sea/heron.txt\n', 'the answer', 10);
    await until(() => said.out !== '', 'the line', 10);
    expect(said.out).toMatch(/^added 1, changed 0, renamed 0, removed 0 in \d\.\d s\n$/);
    renameSync(join(folder, 'sea/heron.txt'), join(folder, 'egret.txt'));
    rmSync(join(folder, 'chess/1.txt'));
    await until(() => found(folder, 'heron') === 'egret.txt\n', 'the answer', 10);
    await until(() => /renamed 1/.test(said.out) && /removed 1/.test(said.out), 'the lines', 10);
    expect(sandglass(['index', '--train', 'never'], { cwd: folder })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^9 unchanged/),
    });
    expect(sandglass(['status'], { cwd: folder }).code).toBe(0);
  });

  onPosix.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s, after the batch in hand', async (signal) => {
    const folder = documents(1);
    const { child, end, said } = await watching(folder);
    write(folder, 'new.txt', 'a heron');
    await until(() => said.out !== '', 'the batch', 15);
    child.kill(signal);
    expect(await end).toMatchObject({ code: 0, signal: null, out: expect.stringMatching(/^added 1/) });
    expect(found(folder, 'heron')).toBe('new.txt\n');
  });

  it('prints JSON, a line an event', async () => {
    const folder = documents(1);
    const { said } = await watching(folder, '--json');
    write(folder, 'new.txt', 'a heron');
    await until(() => said.out.split('\n').length > 2, 'the batch', 15);
    const [ready, batch] = said.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(ready).toMatchObject({
      phase: 'ready',
      summary: { schema: 1, added: 3 },
      folders: [{ path: folder, state: 'told' }],
    });
    expect(batch).toEqual({
      phase: 'batch',
      batch: {
        schema: 1,
        added: 1,
        changed: 0,
        renamed: 0,
        removed: 0,
        failed: 0,
        skipped: {},
        kept: 0,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        seconds: expect.any(Number),
      },
    });
  });
});
