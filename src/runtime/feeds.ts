// Do the tensors that a model is fed with fit its inputs?
import { type ElementType, elementTypeOf, type NumericTensor } from './numeric-tensor.ts';

/** What a model says about one of its inputs or outputs. */
export interface TensorDescription {
  readonly name: string;
  readonly type: ElementType;
  /** A name stands for a size that is open, for example the number of rows. */
  readonly shape: readonly (number | string)[];
}

/** Types of tensors that have no typed array of their own. */
const STORED_AS: Readonly<Record<string, ElementType>> = { bool: 'uint8', float16: 'uint16' };

/** @throws TypeError when an input is missing, unknown or of another type; RangeError when a shape does not fit */
export function demandFeeds(
  inputs: readonly TensorDescription[],
  feeds: Readonly<Record<string, NumericTensor>>,
): void {
  for (const name of Object.keys(feeds)) {
    if (inputs.some((input) => input.name === name)) continue;
    const known = inputs.map((input) => input.name).join(', ');
    throw new TypeError(`Expected a feed for one of the inputs ${known} but received '${name}'`);
  }
  for (const input of inputs) {
    const feed = feeds[input.name];
    if (feed === undefined) throw new TypeError(`Expected a tensor for input '${input.name}' but received none`);
    const given = elementTypeOf(feed.data);
    if (given !== input.type && STORED_AS[input.type] !== given) {
      throw new TypeError(`Expected ${input.type} data for input '${input.name}' but received ${given}`);
    }
    if (fits(feed, input.shape)) continue;
    throw new RangeError(
      `Expected the shape [${input.shape.join(', ')}] for input '${input.name}' but received ` +
        `[${feed.shape.join(', ')}] with ${feed.data.length} values`,
    );
  }
}

function fits(feed: NumericTensor, shape: readonly (number | string)[]): boolean {
  const values = feed.shape.reduce((product, size) => product * size, 1);
  if (values !== feed.data.length || feed.shape.length !== shape.length) return false;
  return shape.every((size, axis) => typeof size === 'string' || size === feed.shape[axis]);
}
