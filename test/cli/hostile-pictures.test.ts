// The pictures of other projects' tests, damaged and hostile ones among them, under a limit of memory.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archivedFiles, missing } from '../image/data-set.ts';
import { longAnimation } from '../image/long-animation.ts';
import { cleanUp, temporaryFolder } from '../library/collection.ts';
import { MAIN } from './command.ts';

const FORMATS = 'image-formats-dev/image-formats-dev.tar.gz';
/** Private memory that can be written, in bytes: what is only reserved, as WebAssembly does in plenty, is not counted. */
const MEMORY = 1_500_000_000;
const reason =
  missing(FORMATS) ?? (spawnSync('prlimit', ['--version']).status === 0 ? undefined : 'there is no prlimit here');
const withLimit = reason === undefined ? it : it.skip;

let folder: string;

beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(cleanUp);

/** Runs a command under the limit; `peak` is its resident memory at most, in megabytes. */
function limited(...args: string[]) {
  const peak = join(folder, 'peak.cjs');
  writeFileSync(
    peak,
    `process.on('exit', () => {
       if (require('node:worker_threads').isMainThread)
         process.stderr.write('\\npeak ' + Math.round(process.resourceUsage().maxRSS / 1024));
     });`,
  );
  const command = [process.execPath, '--require', peak, MAIN, ...args, '--device', 'cpu'];
  const { status, signal, stdout, stderr } = spawnSync('prlimit', [`--data=${MEMORY}`, ...command], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, SANDGLASS_MODELS: '', XDG_CONFIG_HOME: '/nonexistent' },
  });
  return { status, signal, out: stdout, err: stderr, peak: Number(/peak (\d+)/.exec(stderr)?.[1]) };
}

describe('Indexing hostile pictures with every frame, under a limit of memory', () => {
  const title = `ends well, and what can be read is found${reason === undefined ? '' : ` (skipped: ${reason})`}`;
  withLimit(
    title,
    () => {
      const pictures = join(folder, 'pictures');
      mkdirSync(pictures);
      let files = 1;
      for (const { name, bytes } of archivedFiles(FORMATS)) {
        if (/MANIFEST|SOURCE/.test(name)) continue;
        // files of several projects share names
        writeFileSync(join(pictures, `${files++} ${basename(name)}`), bytes);
      }
      writeFileSync(join(pictures, 'long.gif'), longAnimation(10_000));
      const run = limited('index', 'pictures', '--frames', 'all', '--train', 'never', '--json');
      expect({ status: run.status, signal: run.signal }).toEqual({ status: 0, signal: null });
      const { added, failed, partial, skipped } = JSON.parse(run.out);
      const left = Object.values(skipped as Record<string, number>).reduce((sum, count) => sum + count, 0);
      expect(added + failed + left).toBe(files);
      expect(added).toBeGreaterThan(550);
      expect(partial).toBeGreaterThan(5);
      expect(run.peak).toBeGreaterThan(50);
      process.stderr.write(`hostile pictures: ${files} files, peak of ${run.peak} MB resident\n`);

      const asked = limited(
        'query',
        'pictures/long.gif',
        '--frame',
        '9999',
        '--index',
        'pictures/.sandglass',
        '--json',
      );
      expect(asked.err).toContain('flat');
      const failures = limited('status', '--failed', '--json', '--index', 'pictures/.sandglass');
      expect(JSON.parse(failures.out).partial).toHaveLength(partial);
      expect(JSON.parse(failures.out).failures).toHaveLength(failed);
    },
    400_000,
  );
});
