// Duplicates of an index: found, planned, moved, brought back, decided.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import type { DuplicatePlan, Duplicates, Sandglass } from '../../src/sandglass.ts';
import { folderOnOtherDisk, whyNoOtherDisk } from '../duplicates/other-disk.ts';
import { mountSmallDisk, whyNoSmallDisk } from '../index/small-disk.ts';
import { add, cleanUp, copyOf, indexed, opened, rejectionOf, temporaryFolder, write } from './collection.ts';

const environment = process.env.XDG_DATA_HOME;
/** On the disk of the temporary folders, so that their files can go there. */
let trash: string;

beforeAll(() => {
  // the home trash of whoever runs the tests stays as it is
  trash = join(temporaryFolder(), 'data');
  process.env.XDG_DATA_HOME = trash;
});

afterAll(() => {
  if (environment === undefined) delete process.env.XDG_DATA_HOME;
  else process.env.XDG_DATA_HOME = environment;
});

afterEach(async () => {
  await cleanUp();
  rmSync(trash, { recursive: true, force: true });
});

const WORDS =
  'harbour anchor oven dough knight castle tide flour gambit mast yeast rook storm salt pawn sail crust deck'.split(
    ' ',
  );

function prose(seed: number, words = 90): string {
  let state = (seed + 1) * 7_919;
  return Array.from({ length: words }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return WORDS[(state >>> 16) % WORDS.length]!;
  }).join(' ');
}

/** A picture of many rectangles, no two alike. */
function scene(seed: number, side = 240): Sharp {
  let state = (seed + 1) * 104_729;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 16) % below;
  };
  const shapes = Array.from(
    { length: 40 },
    () =>
      `<rect x="${next(side)}" y="${next(side)}" width="${10 + next(60)}" height="${10 + next(60)}" fill="rgb(${next(256)},${next(256)},${next(256)})" transform="rotate(${next(90)} ${side / 2} ${side / 2})"/>`,
  );
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="#ccb"/>${shapes.join('')}</svg>`,
    ),
  );
}

/** Twelve texts, of which one has a copy of the same bytes, one of the same words, one a revision, one a part. */
function textsWithCopies(): string {
  const folder = temporaryFolder();
  for (let i = 0; i < 12; i++) write(folder, `originals/${i}.txt`, prose(i));
  write(folder, 'copies/0.txt', prose(0));
  write(folder, 'copies/1 again.txt', prose(1).replaceAll(' ', '\n').toUpperCase());
  write(folder, 'copies/2 revised.txt', prose(2).replace(/^(\w+ ){9}/, 'a new beginning of this text instead of it '));
  write(folder, 'copies/3 quoted.txt', `${prose(90)} ${prose(3)} ${prose(91)}`);
  return folder;
}

async function picturesWithCopies(): Promise<string> {
  const folder = temporaryFolder();
  for (let i = 0; i < 8; i++) write(folder, `originals/${i}.png`, await scene(i).png().toBuffer());
  write(folder, 'copies/0.webp', await scene(0).webp({ lossless: true }).toBuffer());
  write(folder, 'copies/1.jpg', await scene(1).jpeg({ quality: 85 }).toBuffer());
  write(folder, 'copies/2.png', await scene(2).resize(120).png().toBuffer());
  write(folder, 'copies/3.jpg', await scene(3).flop().jpeg({ quality: 90 }).toBuffer());
  return folder;
}

/** What each copy is told to be, by its name. */
function relations({ groups }: Pick<Duplicates, 'groups'>): Record<string, string | undefined> {
  return Object.fromEntries(
    groups.flatMap(({ files: [, ...copies] }) => copies.map(({ path, relation }) => [basename(path), relation])),
  );
}

async function planned(index: Sandglass): Promise<DuplicatePlan> {
  return index.planDuplicates(await index.duplicates(), { relations: ['identical', 'same-text'] });
}

function everyFile(folder: string): string[] {
  return (
    readdirSync(folder, { recursive: true, withFileTypes: true }) as {
      isFile(): boolean;
      parentPath: string;
      name: string;
    }[]
  )
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('.sandglass'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

describe('Duplicates', () => {
  it('cannot be looked for in an empty index, with an impossible precision, or across one folder', async () => {
    const folder = temporaryFolder();
    const index = await opened(join(folder, '.sandglass'), { create: true });
    expect((await rejectionOf(index.duplicates())).code).toBe('NOTHING_INDEXED');
    for (const precision of [0, 1, Number.NaN])
      expect((await rejectionOf(index.duplicates({ precision }))).code).toBe('SETTING_INVALID');
    expect((await rejectionOf(index.duplicates({ across: [folder] }))).code).toBe('SETTING_INVALID');
  });

  it('of documents are told apart', async () => {
    const index = await indexed(textsWithCopies());
    const found = await index.duplicates();
    expect(relations(found)).toEqual({
      '0.txt': 'identical',
      '1 again.txt': 'same-text',
      '2 revised.txt': 'revision',
      '3.txt': 'contains',
    });
    expect(found.items).toBe(16);
    expect(found.groups.every(({ files: [keep], why }) => existsSync(keep.path) && why !== '')).toBe(true);
  });

  it('of pictures are told apart', async () => {
    const index = await indexed(await picturesWithCopies());
    expect(relations(await index.duplicates())).toEqual({
      '0.webp': 'same-pixels',
      '1.jpg': 're-encoded',
      '2.png': 'resized',
      '3.jpg': 'turned',
    });
  });

  it('say so when there are too few files to promise a precision', async () => {
    const folder = temporaryFolder();
    for (const i of [1, 2]) write(folder, `${i}.txt`, prose(i));
    const index = await indexed(folder);
    const { calibration, notes } = await index.duplicates();
    expect(calibration).toMatchObject([{ kind: 'text', measured: false }]);
    expect(notes.join()).toMatch(/Too few documents .* no precision is promised/);
  });

  it('are the same when they are looked for again, and when they were indexed in another order', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const first = await index.duplicates();
    expect(await index.duplicates()).toEqual(first);
    const copy = copyOf(folder);
    rmSync(join(copy, '.sandglass'), { recursive: true });
    renameSync(join(copy, 'originals'), join(copy, 'zoriginals'));
    const again = await (await indexed(copy)).duplicates();
    expect(relations(again)).toEqual(relations(first));
  });

  it('across folders are only those that lie in two of them', async () => {
    const folder = textsWithCopies();
    write(folder, 'originals/11 too.txt', prose(11));
    write(folder, 'elsewhere/5.txt', prose(5));
    const index = await indexed(folder);
    const found = await index.duplicates({ across: [join(folder, 'originals'), join(folder, 'copies')] });
    expect(Object.keys(relations(found))).not.toContain('11 too.txt');
    expect(Object.keys(relations(found))).not.toContain('5.txt');
    expect(relations(found)['0.txt']).toBe('identical');
  });

  it('keep the file of the folder that was asked for', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const { groups } = await index.duplicates({ keepIn: [join(folder, 'copies')], relations: ['identical'] });
    expect(groups[0]!.files[0].path).toBe(join(folder, 'copies/0.txt'));
    expect(groups[0]!.why).toContain('copies');
  });
});

describe('A decision', () => {
  it('about a file that is not indexed, or a file and itself, is refused', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const known = join(folder, 'originals/1.txt');
    expect((await rejectionOf(index.decideDuplicate(known, join(folder, 'no.txt'), 'distinct'))).code).toBe(
      'FILE_VANISHED',
    );
    expect((await rejectionOf(index.decideDuplicate(known, known, 'distinct'))).code).toBe('SETTING_INVALID');
    expect((await rejectionOf(index.decideDuplicate(known, join(folder, 'originals/2.txt'), undefined))).code).toBe(
      'SETTING_INVALID',
    );
  });

  it('may be about files that were indexed by themselves', async () => {
    const folder = textsWithCopies();
    const [a, b] = [join(folder, 'originals/2.txt'), join(folder, 'copies/2 revised.txt')];
    const index = await opened(folder, { create: true });
    await add(index, [a, b]);
    await index.decideDuplicate(a, b, 'distinct');
    expect((await index.duplicateDecisions()).flatMap(({ files }) => files.flat()).sort()).toEqual([b, a].sort());
  });

  it('holds after files were renamed and everything was indexed again, until it is taken back', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    await index.decideDuplicate(join(folder, 'originals/2.txt'), join(folder, 'copies/2 revised.txt'), 'distinct');
    await index.decideDuplicate(join(folder, 'originals/0.txt'), join(folder, 'copies/0.txt'), 'keep-both');
    renameSync(join(folder, 'copies'), join(folder, 'moved'));
    await add(index);
    const found = await index.duplicates();
    expect(Object.keys(relations(found)).sort()).toEqual(['1 again.txt', '3.txt']);
    expect(found.decided).toBe(1);
    expect(
      (await index.duplicateDecisions()).map(({ verdict, files }) => [
        verdict,
        ...files.flat().map((path) => basename(path)),
      ]),
    ).toEqual([
      ['distinct', ...(await filesOfDecision(index, 0))],
      ['keep-both', ...(await filesOfDecision(index, 1))],
    ]);
    await index.decideDuplicate(join(folder, 'originals/2.txt'), join(folder, 'moved/2 revised.txt'), undefined);
    expect(relations(await index.duplicates())).toHaveProperty(['2 revised.txt'], 'revision');
  });
});

async function filesOfDecision(index: Sandglass, at: number): Promise<string[]> {
  return (await index.duplicateDecisions())[at]!.files.flat().map((path) => basename(path));
}

describe('A plan', () => {
  it('moves plain copies, and leaves the others to be looked at', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const plan = await index.planDuplicates(await index.duplicates());
    expect(plan.groups.flatMap(({ move }) => move.map(({ relation }) => relation)).sort()).toEqual(['identical']);
    expect(plan.groups.flatMap(({ look }) => look.map(({ relation }) => relation)).sort()).toEqual([
      'contains',
      'revision',
      'same-text',
    ]);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('that is none, or of another index, is refused before anything is moved', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const before = everyFile(folder);
    const plan = await planned(index);
    for (const broken of [
      null,
      7,
      {},
      { ...plan, schema: 2 },
      { ...plan, groups: [{}] },
      { ...plan, index: 'another' },
    ])
      expect((await rejectionOf(index.applyPlan(broken))).code).toBe('PLAN_INVALID');
    expect(everyFile(folder)).toEqual(before);
  });

  it('is applied to the trash, and undone', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const before = everyFile(folder);
    const { run, moved, refused, bytes } = await index.applyPlan(await planned(index));
    expect(refused).toEqual([]);
    expect(moved).toHaveLength(2);
    expect(bytes).toBeGreaterThan(0);
    expect(everyFile(folder)).toHaveLength(before.length - 2);
    expect(readdirSync(join(trash, 'Trash/files'))).toHaveLength(2);
    expect(readdirSync(join(trash, 'Trash/info'))).toHaveLength(2);
    // what is gone is not found any more
    expect((await index.duplicates()).groups.map(({ files }) => files.length)).toEqual([2, 2]);
    expect(await index.appliedPlans()).toMatchObject([{ run, moved: 2, restored: 0, to: 'trash' }]);

    const undone = await index.undoPlan(run!);
    expect(undone.refused).toEqual([]);
    expect(undone.restored).toHaveLength(2);
    expect(everyFile(folder)).toEqual(before);
    expect(readdirSync(join(trash, 'Trash/files'))).toEqual([]);
    expect(readdirSync(join(trash, 'Trash/info'))).toEqual([]);
    expect(await index.undoPlan(run!)).toMatchObject({ restored: [], refused: [], present: 2 });
    await add(index);
    expect((await index.duplicates()).groups).toHaveLength(4);
  });

  it('is applied to a folder, where nothing is replaced, and undone', async () => {
    const folder = textsWithCopies();
    const to = join(temporaryFolder(), 'sorted out');
    const index = await indexed(folder);
    const before = everyFile(folder);
    const { run, moved } = await index.applyPlan(await planned(index), { to });
    expect(everyFile(to)).toEqual(moved.map((one) => one.to).sort());
    expect(everyFile(to)[0]).toMatch(/sorted out.*copies/);
    await index.undoPlan(run!);
    expect(everyFile(folder)).toEqual(before);
    expect((await rejectionOf(index.applyPlan(await planned(index), { to: join(folder, 'inside') }))).code).toBe(
      'SETTING_INVALID',
    );
  });

  it('moves nothing when there is no trash', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const plan = await planned(index);
    const before = everyFile(folder);
    writeFileSync(trash, 'a file where the trash would be');
    expect((await rejectionOf(index.applyPlan(plan))).code).toBe('TRASH_UNAVAILABLE');
    expect(everyFile(folder)).toEqual(before);
    expect(await index.appliedPlans()).toEqual([]);
  });

  it('refuses a file that changed, one that is gone, and one whose keeper changed; the rest is done', async () => {
    const folder = temporaryFolder();
    for (const [i, name] of ['changed', 'gone', 'kept', 'good'].entries())
      for (const place of ['a', 'b copy']) write(folder, `${place}/${name}.txt`, prose(i));
    const index = await indexed(folder);
    const plan = await planned(index);
    appendFileSync(join(folder, 'b copy/changed.txt'), ' more');
    rmSync(join(folder, 'b copy/gone.txt'));
    appendFileSync(join(folder, 'a/kept.txt'), ' more');
    const { moved, refused } = await index.applyPlan(plan);
    expect(moved.map(({ path }) => basename(path))).toEqual(['good.txt']);
    expect(Object.fromEntries(refused.map(({ path, code }) => [basename(path), code]))).toEqual({
      'changed.txt': 'FILE_CHANGED',
      'gone.txt': 'FILE_VANISHED',
      'kept.txt': 'KEEPER_MISSING',
    });
    expect(existsSync(join(folder, 'b copy/kept.txt'))).toBe(true);
  });

  it('changed by hand to name files outside of the index is refused, file by file', async () => {
    const outside = temporaryFolder();
    const secret = write(outside, 'secret.txt', prose(0));
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const plan = await planned(index);
    const [group] = plan.groups.filter(({ move }) => move.length > 0);
    const keep = group!.keep;
    write(folder, 'not indexed.txt', prose(0));
    symlinkSync(outside, join(folder, 'link'));
    const moves = [
      secret,
      join(folder, 'not indexed.txt'),
      join(folder, 'link/secret.txt'),
      `${folder}/copies/../../${basename(outside)}/secret.txt`,
      'copies/0.txt',
      keep.path,
    ].map((path) => ({ ...group!.move[0]!, path, hash: keep.hash }));
    const { moved, refused } = await index.applyPlan({ ...plan, groups: [{ ...group!, move: moves }] });
    expect(moved).toEqual([]);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['KEEPER_MISSING']));
    const others = await index.applyPlan({ ...plan, groups: [{ ...group!, move: moves.slice(0, -1) }] });
    expect(others.moved).toEqual([]);
    expect(others.refused.map(({ code }) => code)).toEqual(Array(5).fill('OUTSIDE_ROOT'));
    expect(existsSync(secret)).toBe(true);
  });

  it('is refused where the file to keep is outside of the index, or a folder has become a link that leads out', async () => {
    const outside = temporaryFolder();
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const plan = await planned(index);
    const [group] = plan.groups.filter(({ move }) => move[0]?.relation === 'identical');
    const copy = write(outside, '0.txt', prose(0));
    const elsewhere = await index.applyPlan({
      ...plan,
      groups: [{ ...group!, keep: { ...group!.keep, path: copy } }],
    });
    expect(elsewhere.refused.map(({ code }) => code)).toEqual(['OUTSIDE_ROOT']);
    renameSync(join(folder, 'copies'), join(folder, 'copies before'));
    symlinkSync(outside, join(folder, 'copies'));
    const led = await index.applyPlan({ ...plan, groups: [group!] });
    expect(led.refused.map(({ code }) => code)).toEqual(['OUTSIDE_ROOT']);
    expect(existsSync(copy)).toBe(true);
  });

  it('changed by hand to keep another file as an identical one is refused', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const plan = await planned(index);
    const group = plan.groups.find(({ move }) => move[0]?.relation === 'identical')!;
    const other = plan.groups.find((one) => one !== group)!;
    const { refused } = await index.applyPlan({ ...plan, groups: [{ ...group, keep: other.keep }] });
    expect(refused.map(({ code }) => code)).toEqual(['KEEPER_MISSING']);
  });
});

const absent = whyNoOtherDisk();
const onTwoDisks = absent === undefined ? it : it.skip;
const skipped = absent === undefined ? '' : ` (skipped: ${absent})`;
const noSmallDisk = whyNoSmallDisk();
const onSmallDisk = noSmallDisk === undefined ? it : it.skip;

describe('A plan that leads to another disk', () => {
  let other: string;

  beforeEach(() => {
    if (absent === undefined) other = folderOnOtherDisk();
  });

  afterEach(() => {
    if (absent === undefined) rmSync(other, { recursive: true, force: true });
  });

  onTwoDisks(`is applied and undone${skipped}`, async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const before = everyFile(folder);
    const { run, moved, refused } = await index.applyPlan(await planned(index), { to: other });
    expect(refused).toEqual([]);
    expect(everyFile(other)).toEqual(moved.map(({ to }) => to).sort());
    expect(everyFile(folder)).toHaveLength(before.length - moved.length);
    const undone = await index.undoPlan(run!);
    expect(undone).toMatchObject({ refused: [], present: 0 });
    expect(everyFile(folder)).toEqual(before);
    expect(everyFile(other)).toEqual([]);
  });

  onTwoDisks(`moves to the trash at the top of the disk that a file is on${skipped}`, async () => {
    const folder = join(other, 'photos');
    for (const place of ['a', 'copies']) write(folder, `${place}/0.txt`, prose(0));
    const index = await indexed(folder);
    const { run, moved } = await index.applyPlan(await planned(index));
    expect(moved[0]!.to).toMatch(/^\/dev\/shm\/\.Trash(-|\/)\d+\/files\/0(\.\d+)?\.txt$/);
    expect((await index.undoPlan(run!)).restored).toHaveLength(1);
    expect(existsSync(moved[0]!.path)).toBe(true);
    expect(existsSync(moved[0]!.to)).toBe(false);
  });

  onTwoDisks.each(['half of a copy', 'a whole copy'])(
    `is undone when the process ended with %s there${skipped}`,
    async (what) => {
      const folder = textsWithCopies();
      const index = await indexed(folder);
      const before = everyFile(folder);
      const { run, moved } = await index.applyPlan(await planned(index), { to: other });
      const journal = join(folder, '.sandglass/runs', `${run}.jsonl`);
      const lines = readFileSync(journal, 'utf8').split('\n');
      writeFileSync(
        journal,
        `${lines.slice(0, lines.findLastIndex((line) => line.includes('"move"')) + 1).join('\n')}\n`,
      );
      const last = moved.at(-1)!;
      mkdirSync(dirname(last.path), { recursive: true });
      copyFileSync(last.to, last.path);
      if (what === 'half of a copy') {
        rmSync(last.to);
        writeFileSync(`${last.to}.123-0a1b2c3d.unfinished`, 'ha');
      }
      expect((await index.undoPlan(run!)).refused).toEqual([]);
      expect(everyFile(folder)).toEqual(before);
      expect(everyFile(other)).toEqual([]);
    },
  );

  onSmallDisk(
    `moves nothing where the disk of a file has become read-only${noSmallDisk === undefined ? '' : ` (skipped: ${noSmallDisk})`}`,
    async () => {
      const disk = mountSmallDisk(1_024);
      try {
        const folder = join(disk.path, 'texts');
        for (const place of ['a', 'copies']) write(folder, `${place}/0.txt`, prose(0));
        const index = await opened(temporaryFolder(), { create: true });
        await add(index, folder);
        const plan = await planned(index);
        const before = everyFile(folder);
        disk.makeReadOnly();
        const refused = await rejectionOf(index.applyPlan(plan));
        expect(refused.code).toBe('TRASH_UNAVAILABLE');
        expect(refused.message).toMatch(/cannot be written .* Nothing was moved; name a folder with --to/);
        expect(everyFile(folder)).toEqual(before);
        // a folder elsewhere would take a copy, but the original cannot go: nothing is left there
        const to = temporaryFolder();
        expect((await rejectionOf(index.applyPlan(plan, { to }))).code).toBe('OUTPUT_UNWRITABLE');
        expect(everyFile(folder)).toEqual(before);
        expect(everyFile(to)).toEqual([]);
      } finally {
        disk.remove();
      }
    },
  );

  onSmallDisk(
    `that is full stops, and what was moved is undone${noSmallDisk === undefined ? '' : ` (skipped: ${noSmallDisk})`}`,
    async () => {
      const folder = temporaryFolder();
      for (const place of ['a', 'copies'])
        for (let i = 0; i < 4; i++) write(folder, `${place}/${i}.txt`, `${prose(i)}${'\n'.repeat(150_000)}`);
      const index = await indexed(folder);
      const before = everyFile(folder);
      const disk = mountSmallDisk(512);
      try {
        const plan = await index.planDuplicates(await index.duplicates({ relations: ['identical'] }));
        expect(plan.groups).toHaveLength(4);
        const full = await rejectionOf(index.applyPlan(plan, { to: join(disk.path, 'sorted out') }));
        expect(full.code).toBe('DISK_FULL');
        const [run] = await index.appliedPlans();
        expect(full.message).toContain(`sandglass duplicates undo ${run!.run}`);
        expect(run!.moved).toBeGreaterThan(0);
        expect(everyFile(folder)).toHaveLength(before.length - run!.moved);
        expect((await index.undoPlan(run!.run)).refused).toEqual([]);
        expect(everyFile(folder)).toEqual(before);
        expect(everyFile(disk.path)).toEqual([]);
      } finally {
        disk.remove();
      }
    },
  );
});

describe('Undoing', () => {
  it('never replaces what stands there now', async () => {
    const folder = textsWithCopies();
    const index = await indexed(folder);
    const { run, moved } = await index.applyPlan(await planned(index));
    writeFileSync(moved[0]!.path, 'something new');
    rmSync(moved[1]!.to);
    const { restored, refused } = await index.undoPlan(run!);
    expect(restored).toEqual([]);
    expect(refused.map(({ code }) => code).sort()).toEqual(['FILE_VANISHED', 'OUTPUT_EXISTS']);
    expect(readFileSync(moved[0]!.path, 'utf8')).toBe('something new');
    expect(existsSync(moved[0]!.to)).toBe(true);
  });

  it.each(['before the move', 'between its two names', 'after the move'])(
    'works when the process ended %s',
    async (moment) => {
      const folder = textsWithCopies();
      const index = await indexed(folder);
      const { run, moved } = await index.applyPlan(await planned(index));
      const before = moved.map(({ path }) => path);
      // the journal as it is when the last word about a file was that it would be moved
      const journal = join(folder, '.sandglass/runs', `${run}.jsonl`);
      const lines = readFileSync(journal, 'utf8').split('\n');
      writeFileSync(
        journal,
        `${lines.slice(0, lines.findLastIndex((line) => line.includes('"move"')) + 1).join('\n')}\n{"st`,
      );
      const last = moved.at(-1)!;
      mkdirSync(join(folder, 'copies'), { recursive: true });
      if (moment === 'before the move') renameSync(last.to, last.path);
      if (moment === 'between its two names') linkSync(last.to, last.path);
      const { refused } = await index.undoPlan(run!);
      expect(refused).toEqual([]);
      for (const path of before) expect(existsSync(path)).toBe(true);
      expect(readdirSync(join(trash, 'Trash/files'))).toEqual([]);
      expect(readdirSync(join(trash, 'Trash/info'))).toEqual([]);
    },
  );

  it('brings every file back after the process was killed while it moved', async () => {
    const folder = temporaryFolder();
    for (let i = 0; i < 60; i++) for (const place of ['a', 'copies']) write(folder, `${place}/${i}.txt`, prose(i, 40));
    const index = await indexed(folder);
    const before = everyFile(folder);
    const plan = join(folder, '.sandglass/plan.json');
    writeFileSync(plan, JSON.stringify(await planned(index)));
    await index.close();
    const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, 'duplicates', 'apply', plan, '--index', folder], {
      stdio: 'ignore',
      // that of this test, not that of whoever runs it
      env: { ...process.env },
    });
    const ended = new Promise<string>((resolve) => {
      child.on('close', (code, signal) => resolve(signal ?? String(code)));
    });
    const runs = join(folder, '.sandglass/runs');
    for (;;) {
      const [journal] = existsSync(runs) ? readdirSync(runs) : [];
      if (journal && readFileSync(join(runs, journal), 'utf8').split('"moved"').length > 4) break;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    const left = everyFile(folder).length;
    expect(left).toBeLessThan(before.length);

    const again = await opened(folder);
    const [run] = await again.appliedPlans();
    const { refused } = await again.undoPlan(run!.run);
    expect(refused).toEqual([]);
    expect(everyFile(folder)).toEqual(before);
    expect(readdirSync(join(trash, 'Trash/files'))).toEqual([]);
    await add(again);
    expect((await again.status()).items.text).toBe(120);
  });
});
