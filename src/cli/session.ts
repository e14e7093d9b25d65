// What every command shares: the options that all have, the settings, the index directory, the terminal.
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { findIndex, INDEX_DIRECTORY, open, type Sandglass, SandglassError, userConfigDirectory } from '../sandglass.ts';
import type { ExitCode } from './exit-codes.ts';
import { ProgressLine } from './progress.ts';
import { applyConfiguration, withEnvironment } from './settings.ts';
import { type ColourChoice, Terminal } from './terminal.ts';

export interface CommandDefinition {
  readonly command: Command;
  run(command: Command, signal: AbortSignal): Promise<ExitCode>;
}

interface CommonOptions {
  readonly index?: string;
  readonly color: ColourChoice;
  readonly device: 'auto' | 'cpu' | 'cuda';
  readonly quiet?: boolean;
}

/** Adds the options that every command has, and reads settings before the command runs. */
export function prepare(command: Command, program: Command): void {
  command
    .addOption(new Option('--index <dir>', 'the index directory (default: the nearest .sandglass/ upward)'))
    .addOption(new Option('--device <device>', 'where encoders run').choices(['auto', 'cpu', 'cuda']).default('auto'))
    .addOption(new Option('--color <when>', 'colours and links').choices(['auto', 'always', 'never']).default('auto'))
    .addOption(new Option('-q, --quiet', 'no progress and no notices'));
  withEnvironment(command);
  command.hook('preAction', () => {
    const { index } = command.opts<CommonOptions>();
    applyConfiguration(
      command,
      program,
      index === undefined ? findIndex(process.cwd()) : resolve(index),
      userConfigDirectory(),
    );
  });
}

/** Streams and manners of one run. */
export class Session {
  readonly out: Terminal;
  readonly progress: ProgressLine;
  readonly #options: CommonOptions;

  constructor(command: Command) {
    this.#options = command.opts<CommonOptions>();
    this.out = new Terminal(process.stdout, this.#options.color, process.env);
    this.progress = new ProgressLine(process.stderr, this.#options.quiet === true);
  }

  /** A word to the user, on stderr. */
  notice(text: string): void {
    this.progress.clear();
    if (!this.#options.quiet) process.stderr.write(`${text}\n`);
  }

  print(text: string): void {
    this.progress.clear();
    process.stdout.write(`${text}\n`);
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /**
   * Opens the index a command asks: --index, else the nearest one upward from `near` or the working directory.
   *
   * @throws SandglassError INDEX_MISSING with the command that would make one.
   */
  async open(near: string | undefined, purpose: 'ask' | 'write' | 'create' = 'ask'): Promise<Sandglass> {
    const directory =
      this.indexDirectory(near) ??
      (purpose === 'create' && near !== undefined ? join(resolve(near), INDEX_DIRECTORY) : undefined);
    if (directory === undefined) {
      throw new SandglassError(
        'INDEX_MISSING',
        `There is no index in ${process.cwd()} or above it. Make one with: sandglass index <folder>`,
      );
    }
    return open(directory, { create: purpose === 'create', readOnly: purpose === 'ask', device: this.#options.device });
  }

  indexDirectory(near: string | undefined): string | undefined {
    if (this.#options.index !== undefined) return resolve(this.#options.index);
    return (near === undefined ? undefined : findIndex(resolve(near))) ?? findIndex(process.cwd());
  }
}

/** A parser for whole numbers within bounds, for commander's options. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < minimum || number > maximum) {
      throw new InvalidArgumentError(
        `Expected a whole number from ${minimum}${maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : ' on'}.`,
      );
    }
    return number;
  };
}

export function finiteNumber(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number.');
  return number;
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}
