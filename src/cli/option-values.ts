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

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `last`, a duration until now (`45m`, `12h`, `30d`, `2w`), or a date (ISO 8601; local time where it names no zone). */
export function pointInTime(value: string): Date | 'last' {
  if (value === 'last') return 'last';
  const [, amount, unit] = /^(\d+)([smhdw])$/.exec(value) ?? [];
  // Of a date alone, Date would take midnight at Greenwich.
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value;
  const isDate = /^\d{4}-\d{2}-\d{2}T/.test(time);
  const date =
    amount !== undefined ? new Date(Date.now() - Number(amount) * UNITS[unit!]!) : new Date(isDate ? time : Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new InvalidArgumentError(
      'Expected a date such as 2026-01-31 or 2026-01-31T18:00, a duration such as 12h or 30d, or last.',
    );
  return date;
}

const BYTES: Readonly<Record<string, number>> = { '': 1, k: 1_024, M: 1_024 ** 2, G: 1_024 ** 3 };

/** Bytes: `500`, `20k`, `1.5M`, `2G`, in steps of 1,024. */
export function byteSize(value: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([kMG]?)$/.exec(value) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('Expected a size such as 500, 20k, 1.5M or 2G.');
  return Number(amount) * BYTES[unit!]!;
}

/** A date, or a duration until now, see {@link pointInTime}. */
export function pastTime(value: string): Date {
  const time = pointInTime(value);
  if (time === 'last') throw new InvalidArgumentError('Expected a date such as 2026-01-31 or a duration such as 30d.');
  return time;
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

/** `--threads`, of every command that reads files. */
export function readingThreadsOption(): Option {
  return new Option('--threads <count>', 'threads that read files (default: one a core)').argParser(
    wholeNumber(1, 256),
  );
}

/** `--threads`, of every command that trains a recipe. */
export function computingThreadsOption(): Option {
  return new Option('--threads <count>', 'threads that compute (default: one a core)').argParser(wholeNumber(1, 256));
}
