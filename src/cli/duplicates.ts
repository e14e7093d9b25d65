// `sandglass duplicates`: which files are copies of one another, and what to do about it?
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Duplicates,
  type DuplicatesOptions,
  type DuplicatesProgress,
  PREFERENCES,
  type Preference,
  RELATIONS,
  type Relation,
  type Sandglass,
} from '../sandglass.ts';
import { groupText, pairText } from './duplicate-lines.ts';
import { type ActionFlags, ASKING, demandAction, runAction, writePlan } from './duplicates-actions.ts';
import { EXIT } from './exit-codes.ts';
import { collect, finiteNumber, waitOption, wholeNumber } from './option-values.ts';
import { bytes, count } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

interface DuplicatesFlags extends ActionFlags {
  readonly kind?: 'text' | 'image';
  readonly precision: number;
  readonly relation?: readonly Relation[];
  readonly across?: readonly string[];
  readonly keepIn?: readonly string[];
  readonly prefer?: Preference;
  readonly seed: number;
  readonly plan?: string;
  readonly sheet?: string;
}

export function duplicatesCommand(): CommandDefinition {
  const command = new Command('duplicates')
    .description('Find the files that are copies of one another, and move the lesser ones away if you say so.')
    .argument('[action]', 'list, apply, undo, runs, ignore, keep, forget or decisions (default: list)')
    .argument('[targets...]', 'apply: a plan; undo: a run; ignore, keep, forget: two files')
    .addOption(new Option('--kind <kind>', 'only items of this kind').choices(['text', 'image']))
    .addOption(
      new Option('--precision <share>', 'the share of listed pairs that should be duplicates')
        .argParser(shareBelowOne)
        .default(0.99),
    )
    .addOption(
      new Option(
        '--relation <names...>',
        'only these relations (default: all but similar-shot, template, related)',
      ).choices(RELATIONS),
    )
    .addOption(new Option('--across <folders...>', 'only groups with files in at least two of these folders'))
    .addOption(
      new Option('--keep-in <folder>', 'files in this folder are kept before others; may be repeated').argParser(
        collect,
      ),
    )
    .addOption(new Option('--prefer <rule>', 'what the file to keep is chosen by').choices(PREFERENCES).default('best'))
    .addOption(
      new Option('--seed <number>', 'seed of the sample that the threshold comes from')
        .argParser(wholeNumber(0, 0xffffffff))
        .default(1234),
    )
    .addOption(new Option('--plan <file>', 'write which files stay and which would go, and why; nothing is moved'))
    .addOption(new Option('--sheet <file.html>', 'write one page that shows each group, and where its copies differ'))
    .addOption(new Option('--to <folder>', 'apply: where files are moved to: trash, or a folder').default('trash'))
    .addOption(waitOption())
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass duplicates
  $ sandglass duplicates --kind image --precision 0.999
  $ sandglass duplicates --across ~/Photos ~/Backup
  $ sandglass duplicates --relation similar-shot
  $ sandglass duplicates --sheet duplicates.html         to look at them, side by side
  $ sandglass duplicates --plan plan.json --keep-in ~/Photos/originals
  $ sandglass duplicates apply plan.json                 moves to the trash what the plan says
  $ sandglass duplicates apply plan.json --to ~/Sorted-out
  $ sandglass duplicates undo 20260131-120500            puts it all back
  $ sandglass duplicates ignore a.jpg b.jpg              these two are no duplicates
  $ sandglass duplicates keep a.jpg b.jpg                they are, and both stay

A plan moves identical files, same pixels, re-encoded and resized copies; what is cropped, turned, edited, of the same words, a
revision or contained is left to look at, unless --relation names it. Nothing is ever deleted.

Relations of pictures: identical, same-pixels, re-encoded, resized, turned, cropped, edited; similar-shot.
Relations of documents: identical, same-text, contains, revision; template, related.

Exit codes: 0 there are duplicates (apply: all was moved), 1 there are none, 2 error, or a file was refused.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<DuplicatesFlags>();
      const session = new Session(command);
      const [given = 'list', ...targets] = command.args;
      const action = demandAction(given, targets);
      const index = await session.open(ASKING.includes(action) ? 'ask' : 'write');
      try {
        if (action !== 'list') return await runAction(action, index, targets, flags, session, signal);
        const found = await index.duplicates({ ...optionsOf(flags), signal, onProgress: showProgress(session) });
        session.progress.clear();
        for (const note of found.notes) session.notice(printable(note));
        if (flags.json) session.printJson(found);
        else printGroups(found, session);
        if (flags.sheet !== undefined) await writeSheet(index, found, flags.sheet, session, signal);
        if (flags.plan !== undefined) {
          const relations = flags.relation === undefined ? {} : { relations: flags.relation };
          await writePlan(await index.planDuplicates(found, relations), flags.plan, session);
        }
        return found.groups.length + found.others.length > 0 ? EXIT.ok : EXIT.none;
      } finally {
        await index.close();
      }
    },
  };
}

async function writeSheet(
  index: Sandglass,
  found: Duplicates,
  file: string,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  await index.saveDuplicatesSheet(found, file, {
    signal,
    onProgress: (done, total) => session.progress.update(`drawing  ${count(done)}/${count(total)}`),
  });
  session.progress.clear();
  session.notice(`${printable(file)}: open it in a browser.`);
}

function optionsOf({ kind, precision, relation, across, keepIn, prefer, seed }: DuplicatesFlags): DuplicatesOptions {
  return {
    precision,
    seed,
    ...(kind === undefined ? {} : { kind }),
    ...(relation === undefined ? {} : { relations: relation }),
    ...(across === undefined ? {} : { across }),
    ...(keepIn === undefined ? {} : { keepIn }),
    ...(prefer === undefined ? {} : { prefer }),
  };
}

const PHASES: Readonly<Record<DuplicatesProgress['phase'], string>> = {
  propose: 'looking which codes are near',
  calibrate: 'learning what copies look like here',
  confirm: 'looking at pairs',
};

function showProgress(session: Session): (progress: DuplicatesProgress) => void {
  return ({ phase, kind, done, total }) =>
    session.progress.update(`${kind}: ${PHASES[phase]}  ${count(done)}/${count(total)}`);
}

function printGroups(found: Duplicates, session: Session): void {
  const { groups, others } = found;
  for (const [i, group] of groups.entries())
    session.print(`${i === 0 ? '' : '\n'}${groupText(group, i + 1, session.out)}`);
  if (others.length > 0) {
    session.print(`${groups.length === 0 ? '' : '\n'}pairs beside the groups:`);
    for (const pair of others) session.print(`  ${pairText(pair, session.out)}`);
  }
  session.notice(`${groups.length === 0 ? '' : '\n'}${summary(found)}`);
}

function summary({ items, candidates, remembered, groups, others, calibration, decided }: Duplicates): string {
  const copies = groups.reduce((sum, { files }) => sum + files.length - 1, 0);
  const size = groups.reduce((sum, group) => sum + group.bytes, 0);
  const lines = [
    `${some(groups.length, 'group')}, ${copies === 1 ? '1 copy' : `${count(copies)} copies`}, ${bytes(size)}${others.length > 0 ? `, ${some(others.length, 'pair')} beside` : ''}; ${some(items, 'file')}, ${some(candidates, 'pair')} looked at${remembered > 0 ? `, ${count(remembered)} of them before` : ''}${decided > 0 ? `, ${count(decided)} decided before` : ''}`,
  ];
  for (const { kind, measured, threshold, precision, recall, copies: made, strangers } of calibration) {
    if (!measured) continue;
    lines.push(
      `${kind}: agreement from ${threshold.toFixed(2)} on; expected precision ${floored(precision!)}, ${Math.round(100 * recall!)} % of damaged copies pass (${count(made)} copies, ${count(strangers)} strangers measured)`,
    );
  }
  return lines.join('\n');
}

/** "1 file", "2 files" */
function some(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? '' : 's'}`;
}

function floored(share: number): string {
  return (Math.floor(share * 1000) / 1000).toFixed(3);
}

function shareBelowOne(value: string): number {
  const share = finiteNumber(value);
  if (share <= 0 || share >= 1) throw new InvalidArgumentError('Expected a number above 0 and below 1, such as 0.99.');
  return share;
}
