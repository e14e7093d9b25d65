// What every command shares: the options that all have, the settings, the index directory, the terminal.
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import {
  type Device,
  findIndex,
  INDEX_DIRECTORY,
  locateIndex,
  open,
  type Sandglass,
  SandglassError,
  userConfigDirectory,
} from '../sandglass.ts';
import type { ExitCode } from './exit-codes.ts';
import { ProgressLine } from './progress.ts';
import { applyConfiguration, applyEnvironment } from './settings.ts';
import { type ColourChoice, Terminal } from './terminal.ts';

export interface CommandDefinition {
  readonly command: Command;
  /** True when the command stops by itself when `signal` is raised, having something to bring to an end. */
  readonly stopsItself?: boolean;
  run(command: Command, signal: AbortSignal): Promise<ExitCode>;
}

interface CommonOptions {
  readonly index?: string;
  readonly color: ColourChoice;
  readonly device: Device;
  readonly quiet?: boolean;
}

/** Adds the options that every command has, and reads settings before the command runs. */
export function prepare(command: Command, program: Command): void {
  command
    .addOption(new Option('--index <dir>', 'the index directory (default: the nearest .sandglass/ upward)'))
    .addOption(
      new Option('--device <device>', 'where encoders run and are trained')
        .choices(['auto', 'cpu', 'cuda', 'webgpu'])
        .default('auto'),
    )
    .addOption(new Option('--color <when>', 'colours and links').choices(['auto', 'always', 'never']).default('auto'))
    .addOption(new Option('-q, --quiet', 'no progress and no notices'));
  command.hook('preAction', () => {
    applyEnvironment(command, process.env);
    applyConfiguration(command, program, () => indexDirectory(command), userConfigDirectory());
  });
}

/**
 * The index directory a command is about: --index, else the nearest one upward. Folders to index are looked at before the
 * working directory; a query's file after it, because questions are asked of the index one works in.
 */
function indexDirectory(command: Command): string | undefined {
  const { index } = command.opts<CommonOptions>();
  if (index !== undefined) return locateIndex(index);
  const named = command.args.map((argument) => resolve(argument));
  const folders = ['index', 'watch'].includes(command.name()) ? named.slice(0, 1) : [];
  const files = command.name() === 'query' ? named.map((file) => dirname(file)) : [];
  for (const from of [...folders, process.cwd(), ...files]) {
    const found = findIndex(from);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Streams and manners of one run. */
export class Session {
  readonly out: Terminal;
  readonly progress: ProgressLine;
  readonly #command: Command;
  readonly #options: CommonOptions;

  constructor(command: Command) {
    this.#command = command;
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

  printJsonLine(value: unknown): void {
    this.print(JSON.stringify(value));
  }

  /**
   * Opens the index that the command is about.
   *
   * @param makeFor the folder or file beside which an index is made where there is none
   * @throws SandglassError INDEX_MISSING with the command that would make one, FILE_VANISHED when there is no `makeFor`
   */
  async open(purpose: 'ask' | 'write' = 'ask', makeFor?: string): Promise<Sandglass> {
    const directory = this.indexDirectory() ?? (makeFor === undefined ? undefined : newIndexDirectory(makeFor));
    if (directory === undefined) {
      throw new SandglassError(
        'INDEX_MISSING',
        `There is no index in ${process.cwd()} or above it. Make one with: sandglass index <folder>`,
      );
    }
    const create = purpose === 'write' && makeFor !== undefined;
    return open(directory, { create, readOnly: purpose === 'ask', device: this.#options.device });
  }

  indexDirectory(): string | undefined {
    return indexDirectory(this.#command);
  }

  get device(): Device {
    return this.#options.device;
  }
}

function newIndexDirectory(makeFor: string): string {
  const found = statSync(makeFor, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new SandglassError('FILE_VANISHED', `Expected a folder or a file but there is nothing at ${makeFor}.`, {
      path: makeFor,
    });
  }
  return join(found.isDirectory() ? makeFor : dirname(makeFor), INDEX_DIRECTORY);
}
