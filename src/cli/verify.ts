// `sandglass verify`: is the index whole? and with --repair: make it whole.
import { Command, Option } from 'commander';
import { SandglassError, type Verification, verify } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { waitOption } from './option-values.ts';
import { count, duration } from './progress.ts';
import { nearPath } from './query.ts';
import { type CommandDefinition, Session } from './session.ts';
import { printable } from './terminal.ts';
import { wrap } from './wrap.ts';

interface VerifyFlags {
  readonly repair?: boolean;
  readonly deep?: boolean;
  readonly wait: number;
  readonly json?: boolean;
}

export function verifyCommand(): CommandDefinition {
  const command = new Command('verify')
    .description('Is the index whole? Checks catalog, codes, encoders and graphs against one another.')
    .addOption(new Option('--repair', 'make anew what can be made, take out what cannot; your files are never touched'))
    .addOption(new Option('--deep', 'make words and codes of all documents again, codes of pictures too, and compare'))
    .addOption(waitOption())
    .addOption(new Option('--json', 'one JSON document'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass verify                     exit code 0 only where nothing is wrong
  $ sandglass verify --repair            and the same of what is left
  $ sandglass verify --index /mnt/backup/notes

Exit codes: 0 nothing is wrong, 1 something is, 2 it could not be told.`,
    );
  return {
    command,
    stopsItself: true,
    async run(command, signal) {
      const flags = command.opts<VerifyFlags>();
      const session = new Session(command);
      const directory = session.indexDirectory();
      if (directory === undefined) {
        throw new SandglassError(
          'INDEX_MISSING',
          `There is no index in ${process.cwd()} or above it, nor with --index.`,
        );
      }
      const result = await verify(directory, {
        device: session.device === 'auto' ? 'cpu' : session.device,
        repair: flags.repair === true,
        deep: flags.deep === true,
        waitSeconds: flags.wait,
        signal,
        onStep: (what) => session.progress.update(`checking ${what}`),
      });
      session.progress.clear();
      if (flags.json) session.printJson(result);
      else session.print(verificationText(result, session.out.width));
      return result.clean ? EXIT.ok : EXIT.none;
    },
  };
}

/** As wide as the labels. */
const INDENT = ' '.repeat(9);

function verificationText(result: Verification, width: number): string {
  const { directory, checked, problems, notes, repairs, indexAgain, clean, seconds } = result;
  const { items, passages, codes, encoders, graphs, codeFiles } = checked;
  const lines = [
    `index    ${printable(directory)}`,
    `checked  ${count(items)} items, ${count(passages)} passages, ${count(codes)} codes, ${named(encoders, 'encoder')}, ${named(graphs, 'graph')}, ${named(codeFiles, 'code file')}  (${duration(seconds)})`,
  ];
  const add = (label: string, text: string) =>
    lines.push(label.padEnd(9) + wrap(printable(text), width, INDENT).trimStart());
  for (const { message } of repairs) add('repaired', message);
  for (const path of indexAgain) add('removed', `${nearPath(path)}: comes back with the next sandglass index`);
  for (const { code, count: n, message, examples, advice } of problems) {
    add('problem', `${n > 0 ? `${count(n)} × ` : ''}${message} [${code}]`);
    for (const example of examples) add('', nearPath(example));
    add('', `→ ${advice}`);
  }
  for (const { message } of notes) add('note', message);
  lines.push(clean ? 'Nothing is wrong.' : `${named(problems.length, 'problem')}.`);
  return lines.join('\n');
}

function named(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? '' : 's'}`;
}
