// `sandglass train` as a user runs it: its mistakes, its words, Ctrl-C and kill -9.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { digits, filesOf, linesOf, outcomeOf, SMALL, STACKED } from '../lab/small-training.ts';
import { cleanUp, temporaryFolder, write } from '../library/collection.ts';
import { sandglass, started, until } from './command.ts';

const onPosix = process.platform === 'win32' ? it.skip : it;

let data: string;
let cwd: string;
let recipe: string;
beforeAll(async () => {
  data = await digits();
});
beforeEach(() => {
  cwd = temporaryFolder();
  recipe = write(temporaryFolder(), 'small.json', JSON.stringify(SMALL));
});
afterAll(cleanUp);

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return sandglass(['train', '--device', 'cpu', '--threads', '1', ...args], { cwd, env });
}

describe('sandglass train refuses', () => {
  it.each<[string, string[], RegExp]>([
    ['no recipe', ['--data', '.'], /Expected --recipe <name\|file> .*--recipes.*\[SETTING_INVALID\]/],
    ['no data', ['--recipe', 'mnist-mlp'], /Expected --data <folder>.*\[SETTING_INVALID\]/],
    ['an unknown recipe', ['--recipe', 'mnist', '--data', '.'], /no recipe "mnist".*mnist-mlp.*\[RECIPE_UNKNOWN\]/],
    ['an unknown recipe to print', ['--print-recipe', 'mnist'], /no recipe "mnist".*\[RECIPE_UNKNOWN\]/],
    [
      'a recipe file that is not there',
      ['--recipe', './no.json', '--data', '.'],
      /no\.json cannot be read.*\[RECIPE_INVALID\]/,
    ],
    ['an epoch and a half', ['--recipe', 'cnn', '--data', '.', '--epochs', '1.5'], /--epochs.*whole number/],
    ['a learning rate of 0', ['--recipe', 'cnn', '--data', '.', '--lr', '0'], /--lr.*above 0/],
    ['a folder with nothing in it', ['--recipe', 'cnn', '--data', '.'], /\[DATA_SET_INVALID\]/],
    ['an argument', ['mnist'], /too many arguments/],
  ])('%s, with a line that says what to do', (_, args, message) => {
    const { code, out, err } = run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/ at .*\.js:/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each([
    ['{"name": ', /is no JSON/],
    ['"mnist-mlp"', /a JSON object, but .* holds "mnist-mlp"/],
    ['{"name": "x"}', /small\.json: the recipe has 2 mistakes: .*input.*encoder/],
    [
      JSON.stringify({ ...SMALL, encoder: [{ kind: 'dens' }] }),
      /expected .*dense.* for encoder\[0\].* but received "dens"/,
    ],
  ])('a recipe file that holds %s', (content, message) => {
    writeFileSync(recipe, content);
    const { code, err } = run(['--recipe', recipe, '--data', data]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(err).toMatch(/\[RECIPE_INVALID\]\n$/);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('a device that is not there, and a finished training without --fresh', () => {
    const device = sandglass(['train', '--recipe', recipe, '--data', data, '--device', 'cuda'], { cwd });
    expect(device.code).toBe(2);
    expect(device.err).toMatch(/\[DEVICE_UNAVAILABLE\]/);
    expect(readdirSync(cwd)).toEqual([]);

    expect(run(['--recipe', recipe, '--data', data]).code).toBe(0);
    const before = readFileSync(join(cwd, 'small/manifest.json'));
    const again = run(['--recipe', recipe, '--data', data]);
    expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/finished.*--fresh.*\[OUTPUT_EXISTS\]/) });
    expect(readFileSync(join(cwd, 'small/manifest.json'))).toEqual(before);
    expect(run(['--recipe', recipe, '--data', data, '--fresh', '--seed', '5']).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'small/manifest.json'), 'utf8'))).toMatchObject({ seed: 5 });
  });

  it('places to read and write from a configuration inside an index', () => {
    for (const name of ['data', 'out', 'recipe']) {
      const folder = temporaryFolder();
      mkdirSync(join(folder, '.sandglass'));
      write(folder, '.sandglass/catalog.sqlite', '');
      write(folder, '.sandglass/config.json', JSON.stringify({ [name]: 'elsewhere' }));
      const { code, err } = sandglass(['train', '--recipes'], { cwd: folder });
      expect(code).toBe(2);
      expect(err).toMatch(new RegExp(`sets "${name}".*\\[SETTING_REFUSED\\]`));
    }
  });
});

describe('sandglass train', () => {
  it('prints each epoch and what came of it; nothing else where there is no terminal', () => {
    const { code, out, err } = run(['--recipe', recipe, '--data', data, '--epochs', '2', '--out', 'there']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^epoch 1\/2 {2}loss 0\.\d+ {2}\d+\.\d\d s$/),
      expect.stringMatching(/^epoch 2\/2 {2}loss 0\.\d+ {2}\d+\.\d\d s$/),
      expect.stringMatching(/^small: 26,\d\d\d parameters, codes of 4, trained on 320 rows in \d+(\.\d)? s$/),
      expect.stringMatching(/^error on 40 test pictures: \d+\.\d\d, squared, summed over the pixels$/),
      expect.stringMatching(
        /^written to .*there: recipe\.json, run\.jsonl, encoder\.onnx, .*sheets\/, first-layer\.png$/,
      ),
      '',
    ]);
    expect(existsSync(join(cwd, 'there/encoder.onnx'))).toBe(true);
  });

  it('prints the summary alone when it is to be quiet, and one JSON document with --json', () => {
    const quiet = run(['--recipe', recipe, '--data', data, '--quiet']);
    expect(quiet.out).toMatch(/^small: /);
    const { code, out, err } = run(['--recipe', recipe, '--data', data, '--json', '--out', 'other']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      recipe: 'small',
      stages: [{ steps: 30 }],
      testError: expect.any(Number),
    });
  });

  it('names the stages of a recipe that has several, and the epoch that was kept', () => {
    writeFileSync(recipe, JSON.stringify({ ...STACKED, validation: { share: 0.2, patience: 2 } }));
    const { out } = run(['--recipe', recipe, '--data', data]);
    expect(out).toMatch(
      /^layer 1 of 2\nepoch 1\/2 .*\nepoch 2\/2 .*\nlayer 2 of 2\n(epoch .*\n){2}whole network\n(epoch .* validation .*\n){3}/,
    );
    expect(out).toMatch(/\nkept: epoch \d of 3, validation /);
  });

  it('takes its settings from the environment, and a flag before them', () => {
    const env = { SANDGLASS_EPOCHS: '1', SANDGLASS_BATCH: '40', SANDGLASS_RECIPE: recipe, SANDGLASS_DATA: data };
    const { out } = run(['--json', '--batch', '80'], env);
    expect(JSON.parse(out)).toMatchObject({ batch: 80, stages: [{ steps: 4, losses: [expect.any(Number)] }] });
    const wrong = run([], { ...env, SANDGLASS_EPOCHS: 'many' });
    expect(wrong.err).toMatch(/whole number.*SANDGLASS_EPOCHS.*\[SETTING_INVALID\]/);
  });

  it('lists the recipes in lines of at most 80 columns, prints one that can be trained, and is listed itself', () => {
    const listed = run(['--recipes']);
    expect(listed.code).toBe(0);
    expect(listed.out).toMatch(/^text\n {2}\S/);
    expect(listed.out).toMatch(/^mnist-mlp\n {2}\S/m);
    for (const line of listed.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { recipes } = JSON.parse(run(['--recipes', '--json']).out) as { recipes: { name: string }[] };
    for (const { name } of recipes) expect(listed.out).toMatch(new RegExp(`^${name}$`, 'm'));
    const own = write(cwd, 'own.json', run(['--print-recipe', 'tied']).out);
    expect(run(['--recipe', own, '--data', data, '--epochs', '1']).code).toBe(0);
    expect(sandglass(['--help']).out).toMatch(/^ {2}train /m);
    expect(sandglass(['train', '--help']).out).toMatch(/\$ sandglass train --recipe mnist-mlp --data/);
  });
});

describe('sandglass train that is interrupted', () => {
  onPosix.each([
    ['one stage', SMALL],
    ['several stages', STACKED],
  ])(
    'by Ctrl-C, then by kill -9, goes on with the same command to what an unbroken run of %s gives',
    async (_, base) => {
      writeFileSync(recipe, JSON.stringify({ ...base, epochs: 30 }));
      const args = ['train', '--recipe', recipe, '--data', data, '--device', 'cpu', '--threads', '1'];
      expect(sandglass([...args, '--out', 'whole'], { cwd }).code).toBe(0);
      const broken = join(cwd, 'broken');
      const atLine = (count: number) =>
        until(() => existsSync(join(broken, 'run.jsonl')) && lengthOf(broken) > count, `${count} lines`);

      const first = started([...args, '--out', 'broken'], { cwd });
      await atLine(100);
      first.child.kill('SIGINT');
      const stopped = await first.end;
      expect(stopped).toMatchObject({ code: 130, signal: null });
      expect(stopped.err).toMatch(/Interrupted\. What was stored stays; run the same command again to go on\.\n$/);
      expect(filesOf(broken).some((name) => name.startsWith('checkpoint'))).toBe(true);
      const saved = lengthOf(broken);

      const second = started([...args, '--out', 'broken'], { cwd });
      await atLine(saved + 50);
      second.child.kill('SIGKILL');
      expect((await second.end).signal).toBe('SIGKILL');

      const third = sandglass([...args, '--out', 'broken'], { cwd });
      expect(third.code).toBe(0);
      expect(third.err).toMatch(/^Going on after step \d+( of (layer \d of 2|whole network))?\.\n$/);
      expect(outcomeOf(broken)).toEqual(outcomeOf(join(cwd, 'whole')));
      expect(linesOf(broken).filter(({ kind }) => kind === 'run')).toHaveLength(1);
    },
  );
});

function lengthOf(out: string): number {
  return readFileSync(join(out, 'run.jsonl'), 'utf8').split('\n').length;
}
