import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckMemory } from '../../src/duplicates/check-memory.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandglass-checks-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hash = (digit: number) => digit.toString(16).padStart(64, '0').split('').reverse().join('');
const VERDICT = { score: 0.1, ifCopy: 'edited' } as const;

describe('What was seen of pairs', () => {
  it('is nothing where the file is none, was written by other rules, or cannot be read', async () => {
    const path = join(folder, 'broken.jsonl');
    for (const text of ['', 'no json', '{"schema":1,"rules":"old"}\n{"pair":"x","verdict":{"score":1}}\n', '\0\0']) {
      writeFileSync(path, text);
      expect((await CheckMemory.open(path, 'new')).verdict(hash(1), hash(2))).toBeUndefined();
    }
    expect((await CheckMemory.open(folder, 'new')).verdict(hash(1), hash(2))).toBeUndefined();
  });

  it('is kept in memory alone where the file cannot be written, and why is said once', async () => {
    const memory = await CheckMemory.open(join(folder, 'no folder', 'checks.jsonl'), 'new');
    memory.keepVerdict(hash(1), hash(2), VERDICT);
    await memory.write();
    expect(memory.failure).toMatch(/checks\.jsonl cannot be written: ENOENT/);
    expect(memory.verdict(hash(1), hash(2))).toEqual(VERDICT);
  });

  it('is there again in another process, but for half a line at the end', async () => {
    const path = join(folder, 'checks.jsonl');
    const first = await CheckMemory.open(path, 'new');
    first.keepVerdict(hash(1), hash(2), VERDICT);
    first.keepSample(hash(1), 7, { copies: [0.5, 1], colours: [1, 2, 3] });
    await first.write();
    appendFileSync(path, `{"pair":"${hash(3).slice(0, 32)}`);
    const second = await CheckMemory.open(path, 'new');
    expect(second.verdict(hash(1), hash(2))).toEqual(VERDICT);
    expect(second.verdict(hash(2), hash(1))).toBeUndefined();
    expect(second.sample(hash(1), 7)).toEqual({ copies: [0.5, 1], colours: [1, 2, 3] });
    expect(second.sample(hash(1), 8)).toBeUndefined();
    second.keepVerdict(hash(3), hash(4), VERDICT);
    await second.write();
    expect((await CheckMemory.open(path, 'new')).verdict(hash(3), hash(4))).toEqual(VERDICT);
    // of other rules, the file begins anew
    const other = await CheckMemory.open(path, 'newer');
    other.keepVerdict(hash(5), hash(6), VERDICT);
    await other.write();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
  });

  it('goes when its contents are gone and it has become much', async () => {
    const path = join(folder, 'many.jsonl');
    const memory = await CheckMemory.open(path, 'new');
    for (let i = 0; i < 2_000; i++) memory.keepVerdict(hash(i), hash(i + 1), VERDICT);
    await memory.write();
    const { size } = statSync(path);
    await memory.clean([hash(1), hash(2), hash(3)]);
    expect(statSync(path).size).toBeLessThan(size / 100);
    const again = await CheckMemory.open(path, 'new');
    expect(again.verdict(hash(2), hash(3))).toEqual(VERDICT);
    expect(again.verdict(hash(3), hash(4))).toBeUndefined();
  });
});
