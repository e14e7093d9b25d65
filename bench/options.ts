// Options of the benchmarks: --name value.

/** A whole number given as `--name N`. */
export function numberOption(name: string, otherwise: number): number {
  const given = option(name);
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`Expected a whole number for --${name}`);
  return value;
}

/** One of some words given as `--name word`. */
export function choiceOption<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const given = option(name);
  if (given === undefined) return otherwise;
  const choice = choices.find((each) => each === given);
  if (choice === undefined) throw new RangeError(`Expected one of ${choices.join(', ')} for --${name}`);
  return choice;
}

/** Any words given as `--name words`. */
export function textOption(name: string): string | undefined {
  return option(name);
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : (process.argv[at + 1] ?? '');
}
