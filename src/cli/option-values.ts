// How the values of options are read, from the command line, the environment or a configuration file.
import { InvalidArgumentError, Option } from 'commander';

/** A parser for whole numbers within bounds. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() === '' || !Number.isInteger(number) || number < minimum || number > maximum) {
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

export function positiveNumber(value: string): number {
  const number = finiteNumber(value);
  if (number <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
}

/** Collects the values of an option that may be given several times. */
export function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Collects patterns of names. */
export function collectPatterns(value: string, previous: readonly string[] | undefined): string[] {
  if (/^!?\/?$/.test(value)) throw new InvalidArgumentError('Expected a pattern such as "*.md".');
  return collect(value, previous);
}

/** True for an option that may be given several times. */
export function isRepeatable(parse: unknown): boolean {
  return parse === collect || parse === collectPatterns;
}

/** `--wait`, of every command that writes an index. */
export function waitOption(): Option {
  return new Option('--wait <seconds>', 'how long to wait for another process that writes this index')
    .argParser(wholeNumber(0))
    .default(0);
}
