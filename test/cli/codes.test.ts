// Codes in fewer bytes on the command line: chosen, remembered, shown.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Status } from '../../src/sandglass.ts';
import { cleanUp, pictures } from '../library/collection.ts';
import { sandglass } from './command.ts';

let folder: string;
const run = (...args: string[]) => sandglass([...args, '--device', 'cpu'], { cwd: folder });

beforeAll(async () => {
  folder = await pictures(4);
});
afterAll(cleanUp);

describe('sandglass index --codes', () => {
  it('refuses a form that there is not, and names those that there are', () => {
    const { code, out, err } = run('index', '.', '--codes', 'int4');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('float32, float16, int8, bits');
  });

  it('compares codes in that form from then on, which status shows, until another is chosen', () => {
    expect(run('index', '.', '--train', 'never')).toMatchObject({ code: 0 });
    expect(run('status').out).toContain('codes    compared as float32, ');
    expect(run('index', '--train', 'never', '--codes', 'int8')).toMatchObject({ code: 0 });
    expect(run('index', '--train', 'never')).toMatchObject({ code: 0 });
    expect(run('status').out).toMatch(
      /codes {4}image ae {2}compared as int8, .+ instead of .+; they find 1\.000 of the ten nearest/,
    );
    const { encoders } = JSON.parse(run('status', '--json').out) as Status;
    expect(encoders.flatMap(({ compared }) => compared ?? [])).toMatchObject([{ form: 'int8', recall: 1 }]);
    const asked = run('query', '1.png', '--method', 'ae');
    expect(asked.out + asked.err).toContain('approximate (--exact for exact)');
    expect(run('index', '--train', 'never', '--codes', 'float32')).toMatchObject({ code: 0 });
    expect(run('status').out).toContain('codes    compared as float32, ');
  });
});
