// `sandglass forget`: take files out of the index; the files themselves stay.
import { Command, Option } from 'commander';
import type { Forgotten } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { waitOption } from './option-values.ts';
import { bytes, count } from './progress.ts';
import { nearPath } from './query.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

interface ForgetFlags {
  readonly dryRun?: boolean;
  readonly keepOut?: boolean;
  readonly letIn?: boolean;
  readonly compact: boolean;
  readonly wait: number;
  readonly json?: boolean;
}

const MOST_SHOWN = 20;

export function forgetCommand(): CommandDefinition {
  const command = new Command('forget')
    .description('Take files out of the index, with all that it knows of them. The files themselves stay.')
    .argument('<targets...>', 'paths, or patterns for the paths in the indexed folders')
    .addOption(new Option('-n, --dry-run', 'only show what would be forgotten'))
    .addOption(new Option('--keep-out', 'leave them out from now on; else the next sandglass index finds them again'))
    .addOption(new Option('--let-in', 'let in again what was kept out').conflicts(['keepOut', 'dryRun']))
    .addOption(new Option('--no-compact', 'do not write the catalog anew; their space is given back by sandglass gc'))
    .addOption(waitOption())
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass forget notes/diary.md --keep-out
  $ sandglass forget '*.tmp' drafts/ --dry-run
  $ sandglass forget ~/Pictures          a whole indexed folder: it is not looked at again
  $ sandglass forget notes/diary.md --let-in

Exit codes: 0 something was forgotten, 1 nothing matches, 2 an error.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<ForgetFlags>();
      const session = new Session(command);
      const index = await session.open(flags.dryRun ? 'ask' : 'write');
      try {
        if (flags.letIn) {
          const { letIn, unmatched } = await index.letIn(command.args, { waitSeconds: flags.wait, signal });
          for (const target of unmatched) session.notice(`${printable(target)} was not kept out.`);
          if (flags.json) session.printJson({ schema: 1, letIn, unmatched });
          else
            for (const target of letIn) session.print(`${printable(target)} comes back with the next sandglass index.`);
          return letIn.length > 0 ? EXIT.ok : EXIT.none;
        }
        const result = await index.forget(command.args, {
          dryRun: flags.dryRun === true,
          keepOut: flags.keepOut === true,
          compact: flags.compact,
          waitSeconds: flags.wait,
          signal,
        });
        for (const note of result.notes) session.notice(printable(note));
        for (const target of result.unmatched) session.notice(`Nothing in the index matches ${printable(target)}.`);
        if (flags.json) session.printJson(result);
        else session.print(forgottenText(result, flags.keepOut === true));
        return result.forgotten.length + result.folders.length > 0 ? EXIT.ok : EXIT.none;
      } finally {
        await index.close();
      }
    },
  };
}

function forgottenText({ forgotten, folders, dryRun, bytes: won }: Forgotten, keepOut: boolean): string {
  const shown = forgotten.slice(0, MOST_SHOWN).map((path) => printable(nearPath(path)));
  if (forgotten.length > MOST_SHOWN) shown.push(`… and ${count(forgotten.length - MOST_SHOWN)} more`);
  const what = `${count(forgotten.length)} ${forgotten.length === 1 ? 'item' : 'items'}`;
  const whole =
    folders.length === 0 ? '' : `, with ${folders.map((path) => printable(nearPath(path))).join(', ')} as a whole`;
  if (dryRun) return [...shown, `${what} would be forgotten${whole}.`].join('\n');
  const lines = [...shown, `${what} forgotten${whole}${won > 0 ? `; ${bytes(won)} won` : ''}.`];
  if (!keepOut && forgotten.length > 0 && folders.length === 0)
    lines.push('What is still there comes back with the next sandglass index, unless it is forgotten with --keep-out.');
  return lines.join('\n');
}
