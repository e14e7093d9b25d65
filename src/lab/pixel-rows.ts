// Rows of numbers as the baselines read them: bytes are shades between 0 and 1.

/** Rows side by side: [rows, width]. Bytes stand for shades, 255 for 1; floats are taken as they are. */
export type Rows = Float32Array | Uint8Array;

/** What one number of the rows is multiplied by. */
export function scaleOf(rows: Rows): number {
  return rows instanceof Uint8Array ? 1 / 255 : 1;
}

/**
 * How many rows there are.
 *
 * @throws RangeError when the numbers make no whole rows of that width, or not as many as are promised
 */
export function countRows(name: string, rows: Rows, width: number, promised?: number): number {
  const count = rows.length / width;
  if (!(width >= 1) || !Number.isInteger(width) || !Number.isInteger(count) || count !== (promised ?? count)) {
    throw new RangeError(
      `Expected ${promised ?? 'whole'} rows of ${width} numbers for ${name} but received ${rows.length} numbers`,
    );
  }
  return count;
}
