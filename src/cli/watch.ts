// `sandglass watch`: keep an index up to date while files change.
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { WatchBatch, WatchEvent, WatchedFolder } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { eventText } from './index.ts';
import { readingThreadsOption, wholeNumber } from './option-values.ts';
import { count, seconds } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

interface WatchFlags {
  readonly train: 'auto' | 'never';
  readonly debounce: number;
  readonly poll?: boolean;
  readonly rescan: number;
  readonly threads?: number;
  readonly json?: boolean;
}

export function watchCommand(): CommandDefinition {
  const command = new Command('watch')
    .description('Bring the index up to date and keep it so: what changes is found within a second or two.')
    .argument('[folders...]', 'folders or files (default: the folders in the index)')
    .addOption(
      new Option('--debounce <ms>', 'how long a file has to be quiet before it is read')
        .argParser(wholeNumber(10, 3_600_000))
        .default(500),
    )
    .addOption(new Option('--poll', 'look through the folders again and again; for disks that other machines write to'))
    .addOption(
      new Option('--rescan <minutes>', 'how often everything is looked at, told of or not; 0: never')
        .argParser(wholeNumber(0, 35_000))
        .default(60),
    )
    .addOption(
      new Option('--train <when>', 'auto: when there is no encoder yet; never')
        .choices(['auto', 'never'])
        .default('auto'),
    )
    .addOption(readingThreadsOption())
    .addOption(new Option('--json', 'one JSON object a line for each event'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass watch ~/Documents
  $ sandglass watch                     the folders that the index knows
  $ sandglass watch --json | jq -c .batch

Ctrl-C ends it after the batch in hand. Questions and other commands work beside it.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<WatchFlags>();
      const session = new Session(command);
      const folders = command.args.map((folder) => resolve(folder));
      const index = await session.open('write', folders[0]);
      try {
        const events = index.watch({
          signal,
          paths: folders,
          train: flags.train,
          debounceMs: flags.debounce,
          poll: flags.poll === true,
          rescanMinutes: flags.rescan,
          ...(flags.threads === undefined ? {} : { threads: flags.threads }),
        });
        for await (const event of events) show(event, session, flags.json === true);
        session.progress.clear();
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function show(event: WatchEvent, session: Session, json: boolean): void {
  if (json && ['ready', 'folder', 'batch', 'notice'].includes(event.phase)) session.printJsonLine(event);
  else if (event.phase === 'batch') session.print(batchText(event.batch));
  else if (event.phase === 'folder') session.notice(folderText(event.folder));
  else if (event.phase === 'notice') session.notice(printable(event.text));
  else if (event.phase !== 'ready') session.progress.update(eventText(event));
  else {
    for (const { state, reason } of event.summary.roots)
      if (state === 'online' && reason !== undefined) session.notice(printable(reason));
    for (const folder of event.folders) session.notice(folderText(folder));
    session.notice('Ctrl-C ends it.');
  }
}

function folderText({ path, state, reason }: WatchedFolder): string {
  const why = reason === undefined ? '' : `  ${printable(reason)}`;
  switch (state) {
    case 'told':
      return `watching ${printable(path)}`;
    case 'polling':
      return `watching ${printable(path)} by looking through it again and again.${why}`;
    case 'offline':
      return `waiting for ${printable(path)}.${why}`;
  }
}

function batchText({ added, changed, renamed, removed, failed, kept, seconds: took }: WatchBatch): string {
  const more = [
    ...(failed > 0 ? [`, not read ${count(failed)} (sandglass status --failed)`] : []),
    ...(kept > 0 ? [`, kept though gone ${count(kept)}`] : []),
  ];
  return `added ${count(added)}, changed ${count(changed)}, renamed ${count(renamed)}, removed ${count(removed)}${more.join('')} in ${seconds(took)}`;
}
