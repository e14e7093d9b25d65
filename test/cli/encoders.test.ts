// `sandglass encoders` as a user runs it: list, import, remove, and what it says when it is asked for something else.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writePictureFolder } from '../encoders/picture-models.ts';
import { writeSentenceFolder } from '../encoders/sentence-folders.ts';
import { cleanUp, documents, indexed, pictures, TOPICS, temporaryFolder } from '../library/collection.ts';
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
    [['remove', 'x', '--channels', 'bgr'], /"channels" with import only/],
    [['import', '.', '--side', '2x3x4'], /--side.*height x width/],
    [['import', '.', '--mean', '1,2'], /--mean.*one number, or three/],
    [['import', '.', '--scale', '1/0'], /--scale.*a number or a fraction/],
    [['import', '.', '--fit', 'tight'], /--fit/],
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

  it('imports a model that looks at pictures, a file by itself, which answers then', async () => {
    const shown = await pictures(12);
    await (await indexed(shown)).close();
    const eyes = join(writePictureFolder(join(temporaryFolder(), 'models')), 'model.onnx');
    const here = { cwd: shown };
    const first = sandglass(
      ['encoders', 'import', eyes, '--name', 'eyes', '--fit', 'stretch', '--channels', 'bgr', '--device', 'cpu'],
      here,
    );
    expect(first).toMatchObject({ code: 0 });
    expect(first.err).toContain("ImageNet's mean");
    expect(first.out).toMatch(/eyes: 48 numbers a picture, 12 encoded, 12 of 12 ready/);
    const asked = sandglass(['query', '3.png', '--method', 'eyes', '-k', '1', '--paths'], here);
    expect(asked.out.trim()).toBe('3.png');
    const compared = sandglass(
      ['compare', '--methods', 'eyes', '--methods', 'phash', '--sample', '2', '--json', '--device', 'cpu'],
      here,
    );
    expect(JSON.parse(compared.out).methods.map(({ method }: { method: string }) => method)).toEqual(['eyes', 'phash']);
    const again = sandglass(['encoders', 'import', eyes, '--name', 'more', '--query-prefix', 'q: '], here);
    expect(again).toMatchObject({
      code: 2,
      err: expect.stringMatching(/it is a picture encoder.*\[SETTING_INVALID\]/),
    });
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
