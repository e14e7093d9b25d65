// `sandglass import`: an index of what was exported.
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { importIndex, SandglassError } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { count, duration } from './progress.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';

export function importCommand(): CommandDefinition {
  const command = new Command('import')
    .description('Make an index of what sandglass export wrote. It answers as the exported one did.')
    .argument('<source>', 'the folder of the export')
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      '\nExamples:\n  $ sandglass import ./notes-export --index ./notes-index\n\nNothing may be at --index.',
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<{ index?: string; json?: boolean }>();
      const session = new Session(command);
      if (flags.index === undefined)
        throw new SandglassError(
          'SETTING_INVALID',
          'Expected --index with the place of the new index, where nothing is yet.',
        );
      const summary = await importIndex(resolve(command.args[0]!), flags.index, {
        signal,
        onProgress: (what, done, total) => session.progress.update(`reading ${what}  ${count(done)}/${count(total)}`),
      });
      session.progress.clear();
      const { directory, items, codes, encoders, seconds } = summary;
      const learned = `${count(encoders)} encoder${encoders === 1 ? '' : 's'}`;
      if (flags.json) session.printJson(summary);
      else
        session.print(
          `${printable(directory)}: ${count(items)} items, ${count(codes)} codes, ${learned}  (${duration(seconds)})`,
        );
      return EXIT.ok;
    },
  };
}
