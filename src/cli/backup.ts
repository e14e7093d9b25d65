// `sandglass backup`: a copy of the index, made while others use it.
import { Command, Option } from 'commander';
import type { BackupSummary } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { bytes, count, duration } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

export function backupCommand(): CommandDefinition {
  const command = new Command('backup')
    .description('Copy the index as it is at one moment, while it is read and written; the copy is an index itself.')
    .argument('<destination>', 'where the copy is to be; nothing may be there')
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass backup /mnt/backup/notes
  $ sandglass query letter.txt --index /mnt/backup/notes`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const session = new Session(command);
      const index = await session.open();
      try {
        const summary = await index.backup(command.args[0]!, {
          signal,
          onProgress: (share) => session.progress.update(`copying  ${Math.floor(100 * share)} %`),
        });
        session.progress.clear();
        if (command.opts<{ json?: boolean }>().json) session.printJson(summary);
        else printSummary(summary, session);
        return EXIT.ok;
      } finally {
        await index.close();
      }
    },
  };
}

function printSummary(
  { directory, items, encoders, bytes: size, notes, seconds }: BackupSummary,
  session: Session,
): void {
  for (const note of notes) session.notice(printable(note));
  const what = `${count(items)} items, ${count(encoders)} encoder${encoders === 1 ? '' : 's'}, ${bytes(size)}`;
  session.print(`${printable(directory)}: ${what}  (${duration(seconds)})`);
}
