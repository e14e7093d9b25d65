// Runs contestants in turn, round after round, so that what else the machine does meets all of them alike.

/** One run of one contestant. */
export interface Sample {
  readonly seconds: number;
  /** Processor time of all threads and processes; absent where it cannot be told. */
  readonly cpuSeconds?: number;
  readonly items?: number;
  readonly peakMegabytes?: number;
}

export interface Contestant {
  readonly name: string;
  run(): Promise<Sample>;
}

/** The samples of each contestant, by name. */
export type Results = ReadonlyMap<string, readonly Sample[]>;

export async function interleave(contestants: readonly Contestant[], rounds: number): Promise<Results> {
  const results = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of contestants) results.get(name)!.push(await run());
  }
  return results;
}

/** The middle one of some numbers, or the mean of the two in the middle; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : ((sorted[middle - 1] ?? Number.NaN) + sorted[middle]!) / 2;
}

/** Prints a line for each contestant: seconds (median, least), processor seconds, items a second by the median. */
export function printResults(results: Results): void {
  const rows = [['', 'median s', 'min s', 'cpu s', 'items/s', 'peak MB']];
  for (const [name, samples] of results) {
    const seconds = samples.map((sample) => sample.seconds);
    const items = samples[0]?.items;
    rows.push([
      name,
      median(seconds).toFixed(3),
      Math.min(...seconds).toFixed(3),
      figure(
        samples.map((sample) => sample.cpuSeconds),
        3,
      ),
      items === undefined ? '' : (items / median(seconds)).toFixed(0),
      figure(
        samples.map((sample) => sample.peakMegabytes),
        0,
      ),
    ]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows) {
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '));
  }
}

/** Prints how many times as long `ours` takes as `theirs`, and the bar. Nothing when one of them was left out. */
export function printRatio(results: Results, ours: string, theirs: string, bar: string): void {
  const of = (name: string) => results.get(name)?.map(({ seconds }) => seconds) ?? [];
  const [a, b] = [of(ours), of(theirs)];
  if (a.length === 0 || b.length === 0) return;
  const cpu = (name: string) => median(results.get(name)!.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN));
  console.log(
    `${ours} : ${theirs} = ${(median(a) / median(b)).toFixed(2)} by medians, ` +
      `${(Math.min(...a) / Math.min(...b)).toFixed(2)} by minima, ${(cpu(ours) / cpu(theirs)).toFixed(2)} in processor time  (bar: ${bar})`,
  );
}

function figure(numbers: readonly (number | undefined)[], digits: number): string {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? '' : median(known).toFixed(digits);
}
