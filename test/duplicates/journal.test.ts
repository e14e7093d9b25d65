import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Journal, type JournalMove, listRuns, readJournal } from '../../src/duplicates/journal.ts';

const folders: string[] = [];
const START = { at: '2026-01-31T12:05:09.123Z', to: 'trash' };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-journal-'));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const move = (number: number): JournalMove => ({
  step: 'move',
  number,
  from: `/a${number}`,
  to: `/b${number}`,
  hash: 'x',
});

describe('A journal', () => {
  it('that is not there is named with those that are', async () => {
    const folder = temporaryFolder();
    await expect(readJournal(folder, 'no')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
    await (await Journal.begin(folder, START)).close();
    await expect(readJournal(folder, '../20260131-120509')).rejects.toThrow('Known runs: 20260131-120509');
    writeFileSync(join(folder, 'broken.jsonl'), 'no journal');
    await expect(readJournal(folder, 'broken')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('tells of every file how far it came', async () => {
    const folder = temporaryFolder();
    const journal = await Journal.begin(folder, START);
    for (const number of [1, 2, 3]) await journal.write(move(number));
    await journal.write({ step: 'moved', number: 1 });
    await journal.write({ step: 'failed', number: 2 });
    await journal.close();
    const { entries, run, to } = await readJournal(folder, '20260131-120509');
    expect({ run, to }).toEqual({ run: '20260131-120509', to: 'trash' });
    expect(entries.map(({ number, state }) => [number, state])).toEqual([
      [1, 'moved'],
      [2, 'failed'],
      [3, 'move'],
    ]);
  });

  it('is read, and gone on with, when its last line was cut off', async () => {
    const folder = temporaryFolder();
    const journal = await Journal.begin(folder, START);
    await journal.write(move(1));
    await journal.close();
    appendFileSync(join(folder, '20260131-120509.jsonl'), '{"step":"moved","num');
    expect((await readJournal(folder, journal.run)).entries).toMatchObject([{ state: 'move' }]);
    const again = await Journal.reopen(folder, journal.run);
    await again.write({ step: 'restored', number: 1 });
    await again.close();
    expect((await readJournal(folder, journal.run)).entries).toMatchObject([{ state: 'restored' }]);
  });

  it('has a name of its own, also for two runs in one second', async () => {
    const folder = join(temporaryFolder(), 'made/when/needed');
    for (let i = 0; i < 3; i++) await (await Journal.begin(folder, START)).close();
    expect(await listRuns(folder)).toEqual(['20260131-120509', '20260131-120509-2', '20260131-120509-3']);
    expect(await listRuns(join(folder, 'not there'))).toEqual([]);
  });
});
