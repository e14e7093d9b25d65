// `sandglass duplicates` as a user runs it.
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { write } from '../library/collection.ts';
import { type Ran, sandglass } from './command.ts';

let folder: string;
let data: string;

const TEXT =
  'The harbour lay still when the captain read the letter again and counted the days that were left before the storm.';

function run(...args: string[]): Ran {
  return sandglass(['duplicates', ...args], { cwd: folder, env: { XDG_DATA_HOME: data } });
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-duplicates-')));
  data = realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-data-')));
  write(folder, 'letters/a.txt', TEXT);
  write(folder, 'backup/a copy.txt', TEXT);
  write(folder, 'backup/a again.txt', TEXT.toUpperCase());
  write(folder, 'letters/b.txt', 'Flour, water, salt and time: the oven does the rest, said the baker to the boy.');
  sandglass(['index', '.', '--train', 'never'], { cwd: folder });
});

afterAll(() => {
  for (const each of [folder, data]) rmSync(each, { recursive: true, force: true });
});

describe('sandglass duplicates', () => {
  it.each([
    ['an unknown action', ['delete'], /Expected one of list, apply/],
    ['a missing target', ['apply'], /Expected the plan after apply/],
    ['a target too many', ['runs', 'x'], /Expected nothing more after runs/],
    ['an impossible precision', ['--precision', '1'], /above 0 and below 1/],
    ['an unknown relation', ['--relation', 'sibling'], /sibling.*is invalid/],
    ['one folder to look across', ['--across', 'letters'], /at least two folders/],
    ['a plan that is not there', ['apply', 'no.json'], /There is no file no\.json.*FILE_VANISHED/],
    ['a plan that is none', ['apply', 'letters/a.txt'], /is no plan.*PLAN_INVALID/],
    ['a run that never was', ['undo', 'yesterday'], /no run "yesterday".*RUN_UNKNOWN/],
  ])('refuses %s with exit code 2', (_, args, message) => {
    const { code, out, err } = run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.replaceAll('\n', ' ')).toMatch(message);
  });

  it('shows groups with what to keep, why, and what each copy is to it', () => {
    const { code, out, err } = run();
    expect(code).toBe(0);
    expect(out).toMatch(/^group 1: 3 documents, 228 B in 2 copies\n/);
    expect(out).toMatch(/^keep {2}letters\/a\.txt .*(oldest|shortest path)$/m);
    expect(out).toMatch(/^ {6}backup\/a copy\.txt .* identical bytes$/m);
    expect(out).toMatch(/^ {6}backup\/a again\.txt .* same text$/m);
    expect(err).toMatch(/Too few documents/);
    expect(err).toMatch(/1 group, 2 copies, 228 B; 4 files/);
  });

  it('says with exit code 1 that there are none', () => {
    const { code, out } = run('--kind', 'text', '--relation', 'template');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(run('runs').code).toBe(1);
    expect(run('decisions').code).toBe(1);
  });

  it('prints one JSON document', () => {
    const { groups, schema } = JSON.parse(run('--json').out);
    expect(schema).toBe(1);
    expect(groups[0].files.map(({ relation }: { relation?: string }) => relation)).toEqual([
      undefined,
      'identical',
      'same-text',
    ]);
  });

  it('writes a sheet to look at', () => {
    const { code, err } = run('--sheet', 'sheet.html');
    expect(code).toBe(0);
    expect(err).toMatch(/sheet\.html: open it in a browser/);
    expect(readFileSync(join(folder, 'sheet.html'), 'utf8')).toMatch(/<b>identical bytes<\/b> certain/);
    rmSync(join(folder, 'sheet.html'));
    expect(run('--sheet', 'no folder/sheet.html')).toMatchObject({
      code: 2,
      err: expect.stringContaining('OUTPUT_UNWRITABLE'),
    });
  });

  it('writes a plan once, applies it, and undoes it', () => {
    const plan = join(folder, 'plan.json');
    expect(run('--plan', plan, '--relation', 'identical', 'same-text').err).toMatch(
      /2 files would go \(228 B\).*sandglass duplicates apply/,
    );
    expect(run('--plan', plan)).toMatchObject({ code: 2, err: expect.stringContaining('OUTPUT_EXISTS') });

    const applied = run('apply', plan);
    expect(applied.code).toBe(0);
    expect(applied.out).toMatch(/^backup\/a copy\.txt → .*Trash\/files\/a copy\.txt$/m);
    expect(existsSync(join(folder, 'backup/a copy.txt'))).toBe(false);
    const [, name] = /sandglass duplicates undo (\S+)/.exec(applied.err)!;
    expect(run('runs').out).toContain(name);
    // what the plan says is done already
    expect(run('apply', plan)).toMatchObject({ code: 2, err: expect.stringContaining('OUTSIDE_ROOT') });

    const undone = run('undo', name!);
    expect(undone).toMatchObject({ code: 0, err: expect.stringContaining('2 files restored') });
    expect(readFileSync(join(folder, 'backup/a copy.txt'), 'utf8')).toBe(TEXT);
    sandglass(['index'], { cwd: folder });
  });

  it('moves nothing where there is no trash', () => {
    const plan = join(folder, 'plan.json');
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const { code, err } = sandglass(['duplicates', 'apply', plan], { cwd: folder, env: { XDG_DATA_HOME: blocked } });
    expect(code).toBe(2);
    expect(err).toMatch(/Nothing was moved; name a folder with --to\. \[TRASH_UNAVAILABLE\]/);
    expect(existsSync(join(folder, 'backup/a copy.txt'))).toBe(true);
  });

  it('remembers decisions', () => {
    expect(run('ignore', 'letters/a.txt', 'backup/a again.txt').code).toBe(0);
    expect(run('keep', 'letters/a.txt', 'backup/a copy.txt').code).toBe(0);
    expect(run()).toMatchObject({ code: 1, out: '' });
    expect(run('decisions').out).toMatch(/no duplicates .*a again\.txt/);
    expect(run('forget', 'letters/a.txt', 'backup/a again.txt').code).toBe(0);
    expect(run().out).toContain('a again.txt');
  });
});
