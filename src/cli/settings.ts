// Where an option's value comes from: flag, then SANDGLASS_* environment, then the index's config.json, then the user's.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { SandglassError } from '../sandglass.ts';
import { isRepeatable } from './option-values.ts';

/** Options that a configuration file inside a folder may not set: they name places to read or write. */
const REFUSED_IN_FOLDERS: ReadonlySet<string> = new Set([
  'index',
  'report',
  'labels',
  'queries',
  'recipe',
  'data',
  'out',
]);

/** Options that belong to one question or one run and are no settings. */
const NEVER_SETTINGS: ReadonlySet<string> = new Set([
  'help',
  'version',
  'text',
  'texts',
  'frame',
  'batch',
  'within',
  'before',
  'not',
  'json',
  'jsonl',
  'paths',
  'print0',
  'prune',
  'since',
  'rehash',
  'failed',
  'remembered',
  'recipes',
  'printRecipe',
  'fresh',
  'only',
  'remove',
  'into',
  'repair',
  'deep',
  'dryRun',
  'keepOut',
  'letIn',
  // what an imported model is, and not how one likes to work
  'name',
  'model',
  'pooling',
  'queryPrefix',
  'documentPrefix',
  'normalize',
  'maxTokens',
  'inputLayout',
  'side',
  'fit',
  'resize',
  'kernel',
  'scale',
  'mean',
  'std',
  'channels',
  'output',
]);

const YES: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on']);
const NO: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off', '']);

/** A file of settings that was read; `inFolder` when it stands inside an index, where anybody may have put it. */
interface Configuration {
  readonly path: string;
  readonly inFolder: boolean;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Fills what no flag gave from SANDGLASS_<NAME> variables.
 *
 * @throws SandglassError SETTING_INVALID, naming the variable
 */
export function applyEnvironment(command: Command, environment: NodeJS.ProcessEnv): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const variable = variableOf(name);
    const text = environment[variable];
    if (text === undefined || NEVER_SETTINGS.has(name) || isGiven(command, name)) continue;
    let value: unknown = text;
    if (option.isBoolean()) {
      const word = text.toLowerCase();
      if (!YES.has(word) && !NO.has(word)) throw invalid(option, 'Expected 1 or 0', text, `the variable ${variable}`);
      value = YES.has(word);
    } else if (isRepeatable(option.parseArg)) {
      // One a line: patterns hold every other separator.
      value = text.split('\n').filter((line) => line !== '');
    }
    command.setOptionValueWithSource(name, parsed(option, value, `the variable ${variable}`), 'env');
  }
}

/**
 * Fills what neither a flag nor the environment gave from the configuration files: the index's, then the user's.
 *
 * @param indexDirectory tells where the index is, once the options hold all that the user said of it
 * @throws SandglassError SETTING_UNKNOWN, SETTING_INVALID or SETTING_REFUSED, naming the file and the setting
 */
export function applyConfiguration(
  command: Command,
  program: Command,
  indexDirectory: () => string | undefined,
  userDirectory: string,
): void {
  const user = readConfiguration(join(userDirectory, 'config.json'), false);
  const { index, ...others } = user.values;
  // Which index it is decides which file comes before the user's own.
  if (index !== undefined) apply(command, program, { ...user, values: { index } });
  const directory = indexDirectory();
  if (directory !== undefined) apply(command, program, readConfiguration(join(directory, 'config.json'), true));
  apply(command, program, { ...user, values: others });
}

function apply(command: Command, program: Command, { path, inFolder, values }: Configuration): void {
  const known = new Set(
    program.commands
      .flatMap(({ options }) => options)
      .map((option) => option.attributeName())
      .filter((name) => !NEVER_SETTINGS.has(name)),
  );
  for (const [name, value] of Object.entries(values)) {
    if (!known.has(name)) {
      throw new SandglassError(
        'SETTING_UNKNOWN',
        `${path} sets "${name}", which is no setting. Known ones: ${[...known].sort().join(', ')}.`,
        { path },
      );
    }
    if (inFolder && REFUSED_IN_FOLDERS.has(name)) {
      throw new SandglassError(
        'SETTING_REFUSED',
        `${path} sets "${name}": a configuration inside an index may not name places to read or write. ` +
          "Give it as a flag or in the user's own config.json.",
        { path },
      );
    }
    const option = command.options.find((each) => each.attributeName() === name);
    if (option === undefined || isGiven(command, name)) continue;
    command.setOptionValueWithSource(name, parsed(option, value, path), 'config');
  }
}

/** True when the option has a value that nothing of lower rank may replace. */
function isGiven(command: Command, name: string): boolean {
  const source = command.getOptionValueSource(name);
  return source !== undefined && source !== 'default';
}

function variableOf(name: string): string {
  return `SANDGLASS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readConfiguration(path: string, inFolder: boolean): Configuration {
  if (!existsSync(path)) return { path, inFolder, values: {} };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SandglassError('SETTING_INVALID', `${path} cannot be read as JSON: ${(cause as Error).message}`, {
      path,
      cause,
    });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected an object of settings in ${path} but received ${Array.isArray(value) ? 'an array' : typeof value}.`,
      { path },
    );
  }
  return { path, inFolder, values: value as Record<string, unknown> };
}

/** The value of a setting as its option would have read it from the command line. */
function parsed(option: Option, value: unknown, where: string): unknown {
  if (option.isBoolean()) {
    if (typeof value !== 'boolean') throw invalid(option, 'Expected true or false', value, where);
    return value;
  }
  const repeatable = isRepeatable(option.parseArg);
  const values = repeatable ? [value].flat() : [value];
  if (values.some((each) => typeof each !== 'string' && typeof each !== 'number')) {
    throw invalid(option, repeatable ? 'Expected an array of texts' : 'Expected a text or a number', value, where);
  }
  let result: unknown;
  for (const each of values.map(String)) {
    if (option.argChoices && !option.argChoices.includes(each)) {
      throw invalid(option, `Expected one of ${option.argChoices.join(', ')}`, value, where);
    }
    try {
      result = option.parseArg ? option.parseArg(each, result) : each;
    } catch (error) {
      throw invalid(option, (error as Error).message.replace(/\.$/, ''), value, where);
    }
  }
  return result;
}

function invalid(option: Option, expected: string, value: unknown, where: string): SandglassError {
  return new SandglassError(
    'SETTING_INVALID',
    `${expected} for "${option.attributeName()}" in ${where} but received ${JSON.stringify(value)}.`,
  );
}
