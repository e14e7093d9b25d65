import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cleanUp, documents, indexed, TOPICS, temporaryFolder } from '../library/collection.ts';
import { sandglass } from './command.ts';

/** Words of every document. */
const ALL = Object.values(TOPICS).flat().join(' ');

let folder: string;
let userHome: string;

beforeAll(async () => {
  folder = documents(3);
  userHome = temporaryFolder();
  mkdirSync(join(userHome, 'sandglass'));
  await (await indexed(folder)).close();
});
afterAll(cleanUp);
beforeEach(() => {
  ofFolder({});
  ofUser({});
});

function ofFolder(settings: unknown): void {
  writeFileSync(
    join(folder, '.sandglass/config.json'),
    typeof settings === 'string' ? settings : JSON.stringify(settings),
  );
}

function ofUser(settings: unknown): void {
  writeFileSync(join(userHome, 'sandglass/config.json'), JSON.stringify(settings));
}

function hits(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): number {
  const { out, err, code } = run(args, env);
  if (code !== 0) throw new Error(err);
  return out.trimEnd().split('\n').length;
}

function run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  return sandglass(['query', '--text', ALL, '--paths', ...args], {
    cwd: folder,
    env: { XDG_CONFIG_HOME: userHome, ...env },
  });
}

describe('A setting', () => {
  it("comes from a flag before the environment, the index's config.json and the user's", () => {
    ofUser({ k: 1 });
    expect(hits()).toBe(1);
    ofFolder({ k: 2 });
    expect(hits()).toBe(2);
    expect(hits([], { SANDGLASS_K: '3' })).toBe(3);
    expect(hits(['-k', '4'], { SANDGLASS_K: '3' })).toBe(4);
  });

  it('of several words is written in capitals with underscores, or as the library has it', () => {
    const { out } = sandglass(['query', '--text', ALL, '--json'], { cwd: folder });
    const { score } = (JSON.parse(out) as { hits: { score: number }[] }).hits[2]!;
    const fewer = hits([], { SANDGLASS_MIN_SCORE: String(score) });
    expect([3, 4]).toContain(fewer);
    ofFolder({ minScore: score });
    expect(hits()).toBe(fewer);
  });

  it('that may be given several times is a list', () => {
    ofFolder({ glob: ['sea/1.txt', 'chess'] });
    expect(hits()).toBe(4);
    expect(hits([], { SANDGLASS_GLOB: 'bread\nsea' })).toBe(6);
    ofFolder({ glob: 'chess' });
    expect(hits()).toBe(3);
  });

  it('that is on or off says so in words', () => {
    ofFolder({ quiet: true });
    expect(sandglass(['query', '--text', 'ship'], { cwd: folder }).err).toBe('');
    expect(sandglass(['query', '--text', 'ship'], { cwd: folder, env: { SANDGLASS_QUIET: '0' } }).err).not.toBe('');
    expect(run([], { SANDGLASS_EXACT: 'perhaps' }).err).toMatch(
      /Expected 1 or 0 for "exact" in the variable SANDGLASS_EXACT/,
    );
  });

  it('of another command does no harm', () => {
    ofFolder({ train: 'never', strict: true });
    expect(hits()).toBe(9);
  });

  it('of the user may name the index, whose own settings come before the others of the user', () => {
    ofUser({ index: join(folder, '.sandglass'), k: 5 });
    ofFolder({ k: 2 });
    const { out } = sandglass(['query', '--text', 'ship', '--paths'], { env: { XDG_CONFIG_HOME: userHome } });
    expect(out.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('A setting is refused, with exit code 2 and the name of the file,', () => {
  it.each([
    ['that does not exist', { methd: 'bow' }, 'SETTING_UNKNOWN', 'methd'],
    ['that belongs to one run', { prune: true }, 'SETTING_UNKNOWN', 'prune'],
    ['that names another index', { index: '/elsewhere' }, 'SETTING_REFUSED', 'index'],
    ['that names a file to write', { report: '/etc/passwd' }, 'SETTING_REFUSED', 'report'],
    ['with a value it cannot have', { k: 'many' }, 'SETTING_INVALID', 'k'],
    ['with a value of another type', { k: { a: 1 } }, 'SETTING_INVALID', 'k'],
    ['with a choice there is not', { device: 'abacus' }, 'SETTING_INVALID', 'device'],
    ['that is on or off and says neither', { quiet: 'yes' }, 'SETTING_INVALID', 'quiet'],
    ['in no object', [1], 'SETTING_INVALID', 'an array'],
    ['in no JSON', '{"k": ', 'SETTING_INVALID', 'JSON'],
  ])('%s', (_, settings, code, name) => {
    ofFolder(settings);
    const { code: exit, out, err } = run();
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(`[${code}]`);
    expect(err).toContain(join(folder, '.sandglass/config.json'));
    expect(err).toContain(name);
  });

  it('in the environment, naming the variable', () => {
    expect(run([], { SANDGLASS_K: '0' }).err).toContain('the variable SANDGLASS_K');
  });
});

describe('The configuration of an index', () => {
  it('is read when a folder is indexed from elsewhere', () => {
    ofFolder({ index: '/elsewhere' });
    const { code, err } = sandglass(['index', folder]);
    expect(code).toBe(2);
    expect(err).toContain('[SETTING_REFUSED]');
  });
});
