// `sandglass index`: learn folders and remember their files.
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  type AddProgress,
  type AddSummary,
  type CodePrecision,
  type Failure,
  type FramesKept,
  SandglassError,
  type TextQuality,
} from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { collectPatterns, pointInTime, readingThreadsOption, waitOption, wholeNumber } from './option-values.ts';
import { count, duration, progressText } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';
import { wrap } from './wrap.ts';

interface IndexFlags {
  readonly glob?: string[];
  readonly exclude?: string[];
  readonly hidden?: boolean;
  readonly ignore: boolean;
  readonly oneFileSystem?: boolean;
  readonly since?: Date | 'last';
  readonly rehash?: boolean;
  readonly frames: FramesKept;
  readonly codes: CodePrecision;
  readonly remembered: boolean;
  readonly train: 'auto' | 'always' | 'never';
  readonly seed: number;
  readonly quality: TextQuality;
  readonly prune?: boolean;
  readonly strict?: boolean;
  readonly threads?: number;
  readonly wait: number;
  readonly json?: boolean;
}

export function indexCommand(): CommandDefinition {
  const command = new Command('index')
    .description('Read folders, train encoders on them, store the codes. Run again, it does only what changed.')
    .argument('[folders...]', 'folders or files (default: the folders already in the index)')
    .addOption(new Option('-g, --glob <pattern>', 'only files that match (repeat for more)').argParser(collectPatterns))
    .addOption(
      new Option('-E, --exclude <pattern>', 'leave out what matches (repeat for more)').argParser(collectPatterns),
    )
    .addOption(new Option('--hidden', 'hidden files too'))
    .addOption(new Option('--no-ignore', 'do not respect .gitignore, .ignore and .sandglassignore'))
    .addOption(new Option('--one-file-system', 'enter no folder where another disk is mounted'))
    .addOption(
      new Option(
        '--since <time>',
        'only files that changed since a date (2026-01-31), for so long (12h, 30d), or since the last run (last)',
      ).argParser(pointInTime),
    )
    .addOption(new Option('--rehash', 'read every file, even where size and time are those of the last time'))
    .addOption(
      new Option('--frames <which>', 'of animations and files of several pages: the first frame, or all (64 at most)')
        .choices(['first', 'all'])
        .default('first'),
    )
    .addOption(
      new Option('--codes <form>', 'the form in which codes are compared: fewer bytes find a little less')
        .choices(['float32', 'float16', 'int8', 'bits'])
        .default('float32'),
    )
    .addOption(new Option('--no-remembered', 'forget the patterns and choices given for these folders before'))
    .addOption(
      new Option('--train <when>', 'auto: when there is no encoder yet; always: a new one; never')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .addOption(
      new Option('--quality <how>', 'how long the encoder of documents learns')
        .choices(['fast', 'default', 'best'])
        .default('default'),
    )
    .addOption(
      new Option('--seed <number>', 'seed of the training').argParser(wholeNumber(0, 0xffffffff)).default(1234),
    )
    .addOption(new Option('--prune', 'remove vanished files even when more than half of a folder vanished'))
    .addOption(new Option('--strict', 'exit 2 when a file could not be read'))
    .addOption(readingThreadsOption())
    .addOption(waitOption())
    .addOption(new Option('--json', 'one JSON document at the end'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass index ~/Documents ~/Pictures
  $ sandglass index . --glob '*.md' --exclude drafts/
  $ sandglass index                      what changed since the last time?
  $ sandglass index --since 7d           of what changed in the last week; the rest stays as it is

The index stands in .sandglass/ of the first folder unless --index names another place.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<IndexFlags>();
      const session = new Session(command);
      const folders = command.args.map((folder) => resolve(folder));
      const index = await session.open('write', folders[0]);
      try {
        let summary: AddSummary | undefined;
        // Only what the user said; what was said the last time for these folders holds otherwise.
        const said = (name: string) =>
          command.getOptionValueSource(name) !== 'default' && command.getOptionValueSource(name) !== undefined;
        const events = index.add(folders, {
          signal,
          train: flags.train,
          seed: flags.seed,
          quality: flags.quality,
          prune: flags.prune === true,
          remembered: flags.remembered,
          waitSeconds: flags.wait,
          ...(flags.threads === undefined ? {} : { threads: flags.threads }),
          ...(said('glob') ? { glob: flags.glob ?? [] } : {}),
          ...(said('exclude') ? { exclude: flags.exclude ?? [] } : {}),
          ...(said('hidden') ? { hidden: flags.hidden === true } : {}),
          ...(said('ignore') ? { ignore: flags.ignore } : {}),
          ...(said('oneFileSystem') ? { oneFileSystem: flags.oneFileSystem === true } : {}),
          ...(said('frames') ? { frames: flags.frames } : {}),
          ...(said('codes') ? { codes: flags.codes } : {}),
          ...(flags.since === undefined ? {} : { since: flags.since }),
          rehash: flags.rehash === true,
        });
        for await (const event of events) {
          if (event.phase === 'done') summary = event.summary;
          else if (event.phase === 'notice') session.notice(printable(event.text));
          else session.progress.update(eventText(event));
        }
        session.progress.clear();
        if (!summary) throw new SandglassError('ABORTED', 'Indexing ended without a summary.');
        if (flags.json) session.printJson(summary);
        else session.print(summaryText(summary, index.failures(), index.directory, session.out.tableWidth));
        return flags.strict && summary.failed > 0 ? EXIT.error : EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

/** What an event of indexing says at a terminal. */
export function eventText(event: Exclude<AddProgress, { phase: 'done' | 'notice' }>): string {
  switch (event.phase) {
    case 'find':
      return `looking for files  ${count(event.found)} found`;
    case 'renew':
      return progressText(
        'bringing up to date what an earlier version kept',
        event.done,
        event.total,
        event.perSecond,
        event.secondsLeft,
      );
    case 'read':
      return progressText('reading', event.done, event.total, event.perSecond, event.secondsLeft);
    case 'store':
      return `stored  ${count(event.stored)}/${count(event.total)}`;
    case 'train':
      return `learning ${event.kind}  step ${count(event.step)}/${count(event.steps)}  loss ${event.loss.toFixed(4)}  ${duration(event.secondsLeft)} left`;
    case 'encode':
      return progressText(`encoding ${event.kind}`, event.done, event.total, event.perSecond, event.secondsLeft);
    case 'check':
      return `checking ${event.kind}: does the encoder beat the plain way?  ${event.done}/${event.total}`;
    case 'graph':
      return `building the graph of nearest neighbours`;
  }
}

function summaryText(summary: AddSummary, failures: readonly Failure[], directory: string, width: number): string {
  const changes = (
    [
      ['added', summary.added],
      ['changed', summary.changed],
      ['renamed', summary.renamed],
      ['removed', summary.removed],
      ['unchanged', summary.unchanged],
      ['kept though gone', summary.kept],
      ['older and left', summary.older ?? 0],
      ['failed', summary.failed],
    ] as const
  )
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${count(n)} ${name}`);
  const lines = [`${changes.join(', ') || 'Nothing to index'}  (${duration(summary.seconds)})`];
  const skipped = Object.entries(summary.skipped).sort(([, a], [, b]) => b - a);
  if (skipped.length > 0)
    lines.push(
      `skipped: ${skipped
        .slice(0, 6)
        .map(([type, n]) => `${count(n)} ${printable(type)}`)
        .join(', ')}${skipped.length > 6 ? ', …' : ''}`,
    );
  if (summary.partial > 0)
    lines.push(
      `read in part: ${count(summary.partial)} damaged picture${summary.partial === 1 ? '' : 's'} (sandglass status --failed)`,
    );
  if (summary.failed > 0) lines.push(...failureLines(failures));
  for (const { reason } of summary.roots) if (reason !== undefined) lines.push(printable(reason));
  for (const text of Object.values(summary.defaults)) lines.push(wrap(text.sentence, width));
  lines.push(`index: ${printable(directory)}`);
  return lines.join('\n');
}

/** The commonest reasons, for a person. */
const REASONS: Readonly<Record<string, string>> = {
  DOCUMENT_ENCRYPTED: 'protected by a password',
  DOCUMENT_WITHOUT_TEXT: 'only pictures, no text',
  DOCUMENT_BROKEN: 'damaged documents',
  IMAGE_BROKEN: 'damaged pictures',
  IMAGE_TOO_LARGE: 'with too many pixels',
  FILE_EMPTY: 'empty',
  FILE_TOO_LARGE: 'too large',
  FILE_UNREADABLE: 'not to be opened',
};

function failureLines(failures: readonly Failure[]): string[] {
  const reasons = new Map<string, number>();
  for (const { code } of failures) {
    const reason = REASONS[code] ?? code;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const told = [...reasons].sort(([, a], [, b]) => b - a).map(([reason, n]) => `${count(n)} ${reason}`);
  return [`not read: ${told.join(', ')}`, 'which, and why: sandglass status --failed'];
}
