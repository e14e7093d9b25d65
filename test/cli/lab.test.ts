// `sandglass lab` as a user runs it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { drawDigits, writeIdx } from '../../src/lab/drawn-digits.ts';
import { makeWorld, type World } from '../files/world.ts';
import { sandglass, started, until } from './command.ts';

jest.setTimeout(240_000);

let world: World;
beforeAll(async () => {
  world = makeWorld();
  const train = drawDigits({ count: 200, seed: 1 });
  await writeIdx(world.path('digits'), { train, test: drawDigits({ count: 20, seed: 2 }) });
});
afterAll(() => world.remove());

const lab = (...args: string[]) => sandglass(['lab', '--device', 'cpu', ...args], { cwd: world.root });

describe('sandglass lab', () => {
  it('refuses what it does not know with exit code 2 and one line', () => {
    const recipe = lab('--data', 'digits', '--only', 'nothing');
    expect(recipe.code).toBe(2);
    expect(recipe.err).toMatch(/^sandglass: The lab has no recipe "nothing".*\[RECIPE_UNKNOWN\]\n$/);
    const data = lab('--data', 'elsewhere');
    expect([data.code, data.err]).toEqual([2, expect.stringContaining('[FILE_VANISHED]')]);
    expect(lab('--data', 'digits', '--queries', '0').code).toBe(2);
    expect(existsSync(world.path('lab'))).toBe(false);
  });

  it('stopped with Ctrl-C ends with 130, goes on with what is left, and prints one JSON document', async () => {
    const args = [
      'lab',
      '--data',
      'digits',
      '--only',
      'tied',
      '--only',
      'mnist-mlp',
      '--epochs',
      '1',
      '--device',
      'cpu',
    ];
    const { child, end } = started(args, { cwd: world.root });
    await until(() => existsSync(world.path('lab/runs/tied/manifest.json')), 'the first training', 120);
    child.kill('SIGINT');
    const { code, out, err } = await end;
    expect([code, out]).toEqual([130, '']);
    expect(err).toContain('Interrupted.');

    const again = sandglass([...args, '--json'], { cwd: world.root });
    expect(again.code).toBe(0);
    expect(again.err).toMatch(/^1\/2 {2}Tied weights {2}\(trained before\)$/m);
    const summary = JSON.parse(again.out) as { runs: object[]; failed: object[]; report: string };
    expect(summary).toMatchObject({ schema: 1, failed: [], runs: [{ recipe: 'tied' }, { recipe: 'mnist-mlp' }] });
    expect(readFileSync(join(summary.report), 'utf8')).toContain('<title>');
  });
});
