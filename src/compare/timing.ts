// How long does one query take? Measured one query at a time, as a user asks.
import type { Feature } from '../features/feature.ts';
import type { Method } from '../methods/method.ts';
import { quantile } from './bootstrap.ts';

export interface TimingOptions {
  /** How many of the features are asked, evenly spread. @default 40 */
  readonly queries?: number;
  /** How many hits a query asks for. @default 10 */
  readonly k?: number;
}

/**
 * Median milliseconds of one query: representing one feature and searching its nearest items. Reading the file is not
 * part of it, it is the same for every method. One query beforehand is not counted.
 *
 * @returns 0 when there is no feature.
 */
export async function timeQueries(
  method: Method,
  features: readonly Feature[],
  options: TimingOptions = {},
): Promise<number> {
  const { queries = 40, k = 10 } = options;
  const stride = Math.max(1, Math.ceil(features.length / queries));
  const asked = features.filter((_, index) => index % stride === 0);
  if (asked[0] === undefined) return 0;
  await askOnce(method, asked[0], k);
  const times: number[] = [];
  for (const feature of asked) {
    const start = performance.now();
    await askOnce(method, feature, k);
    times.push(performance.now() - start);
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

async function askOnce(method: Method, feature: Feature, k: number): Promise<void> {
  const [query] = await method.represent([feature]);
  method.search(query, k);
}
