// `sandglass doctor`: can this machine run everything?
import { Command, Option } from 'commander';
import { type Check, diagnose } from '../sandglass.ts';
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
      else session.print(checkLines(report.checks, session));
      return report.checks.some(({ state }) => state === 'error') ? EXIT.error : EXIT.ok;
    },
  };
}

/** One line a check, and what to do on a line of its own. */
export function checkLines(checks: readonly Check[], session: Session): string {
  const mark = {
    ok: session.out.style('green', 'ok  '),
    warning: session.out.style('yellow', 'note'),
    error: session.out.style('red', 'FAIL'),
  };
  return checks
    .flatMap(({ name, state, detail, next }) => [
      `${mark[state]} ${name.padEnd(18)} ${detail}`,
      ...(next === undefined ? [] : [`     ${'next'.padStart(18)} ${next}`]),
    ])
    .join('\n');
}
