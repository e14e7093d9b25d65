#!/usr/bin/env node
// The `sandglass` command: parses, runs one command, and is the only place that ends the process.
import { Command, CommanderError } from 'commander';
import { SandglassError } from '../sandglass.ts';
import { backupCommand } from './backup.ts';
import { compareCommand } from './compare.ts';
import { cudaCommand } from './cuda.ts';
import { doctorCommand } from './doctor.ts';
import { duplicatesCommand } from './duplicates.ts';
import { encodersCommand } from './encoders.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { exportCommand } from './export.ts';
import { forgetCommand } from './forget.ts';
import { gcCommand } from './gc.ts';
import { importCommand } from './import.ts';
import { indexCommand } from './index.ts';
import { labCommand } from './lab.ts';
import { mcpCommand } from './mcp.ts';
import { queryCommand } from './query.ts';
import { serveCommand } from './serve.ts';
import { prepare } from './session.ts';
import { similarityCommand } from './similarity.ts';
import { statusCommand } from './status.ts';
import { printable } from './terminal.ts';
import { topicsCommand } from './topics.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';
import { VERSION } from './version.ts';
import { watchCommand } from './watch.ts';

async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  process.once('SIGTERM', () => interrupt.abort());

  const program = new Command('sandglass')
    .description('Finds what resembles what in a folder of documents or pictures. Offline; learns from your own files.')
    .version(VERSION)
    .showSuggestionAfterError(true)
    .showHelpAfterError('(sandglass --help lists the commands and options)')
    .exitOverride()
    .addHelpText('after', HELP);
  for (const build of [
    indexCommand,
    watchCommand,
    queryCommand,
    similarityCommand,
    compareCommand,
    duplicatesCommand,
    statusCommand,
    topicsCommand,
    mcpCommand,
    serveCommand,
    encodersCommand,
    forgetCommand,
    verifyCommand,
    backupCommand,
    exportCommand,
    importCommand,
    gcCommand,
    trainCommand,
    labCommand,
    doctorCommand,
    cudaCommand,
  ]) {
    const { command, run, stopsItself = false } = build();
    prepare(command, program);
    command.exitOverride().copyInheritedSettings(program);
    command.action(async () => {
      const running = run(command, interrupt.signal);
      exitCode = await (stopsItself ? running : Promise.race([running, raised(interrupt.signal)]));
    });
    program.addCommand(command);
  }
  try {
    if (argv.length === 0) program.help({ error: true });
    await program.parseAsync(argv as string[], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.error;
    if (interrupt.signal.aborted || (error instanceof SandglassError && error.code === 'ABORTED')) {
      process.stderr.write('Interrupted. What was stored stays; run the same command again to go on.\n');
      return EXIT.interrupted;
    }
    report(error);
    return EXIT.error;
  }
}

/** The exit code of an interrupted command, once it is interrupted. */
function raised(signal: AbortSignal): Promise<ExitCode> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(EXIT.interrupted), { once: true });
  });
}

const HELP = `
Examples:
  $ sandglass index ~/Documents          learn a folder and remember its files
  $ sandglass watch                      keep the index up to date while files change
  $ sandglass query letter.txt           what is like this file?
  $ sandglass query --text "tax return"  what is like these words?
  $ sandglass similarity a.jpg b.jpg     how alike are these two?
  $ sandglass compare --report out.html  does the clever way beat the plain one on my files?
  $ sandglass duplicates                 which files are copies of one another?
  $ sandglass status --failed            which files could not be read, and why?
  $ sandglass topics                     what are the documents about?
  $ sandglass serve                      a page to search the index with
  $ sandglass mcp                        the index as a server of tools for assistants
  $ sandglass encoders import ./minilm   a sentence encoder of your own, beside the others
  $ sandglass verify                     is the index whole?
  $ sandglass train --recipes            which kinds of auto-encoder can be trained on their own?
  $ sandglass lab --data ./mnist         all of them on one set of pictures, in one report

Every option is also a setting: SANDGLASS_<OPTION> in the environment (SANDGLASS_MIN_SCORE=0.5), or {"minScore": 0.5} in
config.json of the index directory, then of the user's configuration folder. A flag comes first.

Exit codes: 0 hits (or done), 1 none, 2 error, 130 interrupted.`;

/** A user's mistake is one line; anything else is a defect of ours and shows its stack. */
function report(error: unknown): void {
  if (error instanceof SandglassError) {
    process.stderr.write(`sandglass: ${printable(error.message)} [${error.code}]\n`);
    return;
  }
  process.stderr.write(
    `sandglass: unexpected error, please report it:\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
}

// A reader that went away (`sandglass query … | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  process.stderr.write(`sandglass: the output cannot be written: ${error.message}\n`);
  process.exit(EXIT.error);
});
// Nobody is left to be told.
process.stderr.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
// A command that does not stop by itself is still at work.
if (process.exitCode === EXIT.interrupted) process.exit();
