import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { placeInTrash, trashFor } from '../../src/duplicates/trash.ts';
import { SandglassError } from '../../src/errors.ts';

const folders: string[] = [];
const onFreedesktop = ['linux', 'freebsd', 'openbsd'].includes(process.platform) ? describe : describe.skip;

function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sandglass-trash-')));
  folders.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

onFreedesktop('The trash', () => {
  it('that cannot be made is said to be unavailable, with what to do instead', () => {
    const folder = temporaryFolder();
    const blocked = join(folder, 'a file');
    writeFileSync(blocked, '');
    try {
      trashFor(join(folder, 'a.txt'), { XDG_DATA_HOME: blocked });
      throw new Error('nothing was thrown');
    } catch (error) {
      expect(error).toBeInstanceOf(SandglassError);
      expect((error as SandglassError).code).toBe('TRASH_UNAVAILABLE');
      expect((error as SandglassError).message).toMatch(/Nothing was moved; name a folder with --to/);
    }
  });

  it('without a home folder is unavailable, but for what lies on a disk of XDG_DATA_HOME', () => {
    const folder = temporaryFolder();
    for (const HOME of ['', 'relative'])
      expect(() => trashFor(join(folder, 'a.txt'), { HOME })).toThrow(
        expect.objectContaining({ code: 'TRASH_UNAVAILABLE', message: expect.stringMatching(/no home folder/) }),
      );
    expect(trashFor(join(folder, 'a.txt'), { HOME: '', XDG_DATA_HOME: folder }).files).toBe(
      join(folder, 'Trash/files'),
    );
  });

  it("is the home trash for files on its disk, and the user's alone", () => {
    const folder = temporaryFolder();
    const trash = trashFor(join(folder, 'a.txt'), { XDG_DATA_HOME: join(folder, 'data') });
    expect(trash).toEqual({
      files: join(folder, 'data/Trash/files'),
      notes: join(folder, 'data/Trash/info'),
      top: undefined,
    });
    expect(statSync(trash.files).mode & 0o777).toBe(0o700);
  });

  it('ignores a relative XDG_DATA_HOME, as the base directory specification says', () => {
    const home = temporaryFolder();
    const { files } = trashFor(join(home, 'a.txt'), { HOME: home, XDG_DATA_HOME: 'relative' });
    expect(files).toBe(join(home, '.local/share/Trash/files'));
  });

  it('has a free place for every file, with a note of where it was', () => {
    const folder = temporaryFolder();
    const trash = trashFor(join(folder, 'a.txt'), { XDG_DATA_HOME: folder });
    const when = new Date(2026, 0, 31, 12, 5, 9);
    const first = placeInTrash(trash, join(folder, 'späte Ernte/50 %.txt'), when);
    expect(first.file).toBe(join(trash.files, '50 %.txt'));
    expect(first.note).toEqual({
      path: join(trash.notes!, '50 %.txt.trashinfo'),
      text: `[Trash Info]\nPath=${folder}/sp%C3%A4te%20Ernte/50%20%25.txt\nDeletionDate=2026-01-31T12:05:09\n`,
    });
    writeFileSync(first.file, '');
    mkdirSync(join(trash.notes!, '50 %.2.txt.trashinfo'));
    expect(placeInTrash(trash, join(folder, '50 %.txt'), when).file).toBe(join(trash.files, '50 %.3.txt'));
    expect(readdirSync(trash.files)).toEqual(['50 %.txt']);
  });
});
