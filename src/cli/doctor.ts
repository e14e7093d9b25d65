// `sandglass doctor`: can this machine run everything?
import { Command, Option } from 'commander';
import { diagnose } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { type CommandDefinition, Session } from './session.ts';

export function doctorCommand(): CommandDefinition {
  const command = new Command('doctor')
    .description('Check Node, the native modules and the devices; say what is missing and what to do.')
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText('after', '\nExamples:\n  $ sandglass doctor');
  return {
    command,
    async run(command) {
      const flags = command.opts<{ json?: boolean }>();
      const session = new Session(command);
      const report = await diagnose();
      if (flags.json) session.printJson(report);
      else {
        const mark = {
          ok: session.out.style('green', 'ok  '),
          warning: session.out.style('yellow', 'note'),
          error: session.out.style('red', 'FAIL'),
        };
        for (const { name, state, detail } of report.checks)
          session.print(`${mark[state]} ${name.padEnd(18)} ${detail}`);
      }
      return report.checks.some(({ state }) => state === 'error') ? EXIT.error : EXIT.ok;
    },
  };
}
