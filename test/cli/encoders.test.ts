// `sandglass encoders` as a user runs it: list, import, remove, and what it says when it is asked for something else.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeSentenceFolder } from '../encoders/sentence-folders.ts';
import { cleanUp, documents, indexed, TOPICS, temporaryFolder } from '../library/collection.ts';
import { sandglass, started, until } from './command.ts';

let folder: string;
let model: string;

beforeAll(async () => {
  folder = documents(12);
  await (await indexed(folder)).close();
  model = writeSentenceFolder(join(temporaryFolder(), 'words'), { topics: TOPICS });
});
afterAll(cleanUp);

const run = (...args: string[]) => sandglass(['encoders', ...args, '--device', 'cpu'], { cwd: folder });

describe('sandglass encoders', () => {
  it.each([
    [['learn'], /Expected list, import or remove but received "learn"/],
    [['import'], /Expected the folder of an encoder/],
    [['remove'], /Expected the name of an encoder/],
    [['list', 'x'], /Expected nothing after list/],
    [['remove', 'x', '--pooling', 'cls'], /"pooling" with import only/],
    [['import', '.', '--max-tokens', '2'], /--max-tokens/],
    [['import', 'nowhere'], /none at .*nowhere.* \[ENCODER_UNFIT\]/],
    [['remove', 'x'], /received "x"\. Imported: none\..* \[ENCODER_MISSING\]/],
  ])('refuses %j in one line', (args, message) => {
    const { code, err, out } = run(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toContain('unexpected error');
    expect(out).toBe('');
  });

  it('imports, lists and removes, in words and as JSON', () => {
    expect(run().err).toContain('No encoder was trained or imported yet');
    const first = run('import', model, '--max-tokens', '64', '--json');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(first.out)).toMatchObject({
      schema: 1,
      encoder: { name: 'words', state: 'active' },
      default: { method: 'tfidf' },
    });
    expect(run().out).toMatch(/words\s+text\s+8 float32\s+[0-9a-f]{12}\s+active\s+imported/);
    expect(run('import', model).err).toContain('[ENCODER_EXISTS]');
    const asked = sandglass(['query', '--text', 'ship sail', '--method', 'words', '-k', '3', '--paths'], {
      cwd: folder,
    });
    expect(asked.out.trim().split('\n')).toEqual(Array(3).fill(expect.stringMatching(/^sea\//)));
    expect(JSON.parse(run('remove', 'words', '--json').out)).toEqual({ schema: 1, removed: 'words' });
    expect(JSON.parse(run('--json').out)).toEqual({ schema: 1, encoders: [] });
  });

  it('goes on after it was killed in the middle', async () => {
    const large = documents(200);
    await (await indexed(large)).close();
    const { child, end } = started(['encoders', 'import', model, '--device', 'cpu'], { cwd: large });
    const codes = () => {
      const [encoder] = JSON.parse(sandglass(['encoders', '--json'], { cwd: large }).out).encoders;
      return encoder as { state: string; codes: number } | undefined;
    };
    await until(() => (codes()?.codes ?? 0) > 0, 'the first codes');
    child.kill('SIGKILL');
    await end;
    expect(codes()!.codes).toBeGreaterThan(0);
    expect(sandglass(['encoders', 'import', model, '--device', 'cpu'], { cwd: large }).code).toBe(0);
    expect(codes()).toMatchObject({ state: 'active', codes: 600 });
  }, 60_000);
});
