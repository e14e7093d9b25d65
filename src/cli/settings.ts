// Where an option's value comes from: flag, then SANDGLASS_* environment, then the index's config.json, then the user's.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { SandglassError } from '../sandglass.ts';

/** Options that a configuration file inside a folder may not set: they name places to read or write. */
const REFUSED_IN_FOLDERS = new Set(['index', 'report', 'labels', 'queries']);

/** Options that answer one question and are no settings. */
const NEVER_SETTINGS = new Set(['help', 'version', 'text', 'json', 'jsonl', 'paths', 'print0', 'prune']);

/** Lets every setting of the command be given as SANDGLASS_<NAME>. Commander reads it, after flags. */
export function withEnvironment(command: Command): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!NEVER_SETTINGS.has(name))
      option.env(`SANDGLASS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`);
  }
}

/**
 * Fills what neither a flag nor the environment gave from the configuration files.
 *
 * @throws SandglassError SETTING_UNKNOWN, SETTING_INVALID or SETTING_REFUSED, naming the file and the setting.
 */
export function applyConfiguration(
  command: Command,
  program: Command,
  indexDirectory: string | undefined,
  userDirectory: string,
): void {
  const known = new Map(
    program.commands.flatMap((each) => each.options).map((option) => [option.attributeName(), option]),
  );
  const files = [
    ...(indexDirectory === undefined ? [] : [{ path: join(indexDirectory, 'config.json'), inFolder: true }]),
    { path: join(userDirectory, 'config.json'), inFolder: false },
  ];
  for (const { path, inFolder } of files) {
    for (const [name, value] of Object.entries(readConfiguration(path))) {
      if (!known.has(name) || NEVER_SETTINGS.has(name)) {
        throw new SandglassError(
          'SETTING_UNKNOWN',
          `${path} sets "${name}", which is no setting. Known ones: ${[...known.keys()]
            .filter((each) => !NEVER_SETTINGS.has(each))
            .sort()
            .join(', ')}.`,
          { path },
        );
      }
      if (inFolder && REFUSED_IN_FOLDERS.has(name)) {
        throw new SandglassError(
          'SETTING_REFUSED',
          `${path} sets "${name}": a configuration inside an index may not name places to read or write. Give it as a flag or in the user's own config.json.`,
          { path },
        );
      }
      const option = command.options.find((each) => each.attributeName() === name);
      const source = command.getOptionValueSource(name);
      if (!option || (source !== undefined && source !== 'default')) continue;
      command.setOptionValueWithSource(name, parsed(option, value, path), 'config');
    }
  }
}

function readConfiguration(path: string): Record<string, unknown> {
  if (!existsSync(path)) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new SandglassError('SETTING_INVALID', `${path} is not JSON: ${(cause as Error).message}`, { path, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected an object of settings in ${path} but received ${Array.isArray(value) ? 'an array' : typeof value}.`,
      { path },
    );
  }
  return value as Record<string, unknown>;
}

function parsed(option: Option, value: unknown, path: string): unknown {
  const invalid = (expected: string) =>
    new SandglassError(
      'SETTING_INVALID',
      `Expected ${expected} for "${option.attributeName()}" in ${path} but received ${JSON.stringify(value)}.`,
      { path },
    );
  if (option.isBoolean()) {
    if (typeof value !== 'boolean') throw invalid('true or false');
    return value;
  }
  const values = option.variadic ? [value].flat() : [value];
  if (values.some((each) => typeof each !== 'string' && typeof each !== 'number'))
    throw invalid(option.variadic ? 'an array of texts' : 'a text or a number');
  try {
    if (option.argChoices && !option.argChoices.includes(String(value)))
      throw new Error(`one of ${option.argChoices.join(', ')}`);
    if (!option.parseArg) return option.variadic ? values.map(String) : String(value);
    return values.reduce<unknown>((previous, each) => option.parseArg?.(String(each), previous), undefined);
  } catch (error) {
    throw invalid((error as Error).message);
  }
}
