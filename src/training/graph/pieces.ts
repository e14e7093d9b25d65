// Large weights in pieces. An optimizer passes over its parameter some twenty times a step: fast while what it passes over
// stays in the processor's caches, which ten million numbers do not.
import type { Tensor } from './graph.ts';
import { elementCount, type Shape } from './shape.ts';
import { concat, slice } from './shaping.ts';

/** Larger weights are worth cutting: below, more and smaller products cost what the caches save. */
const WORTH_CUTTING = 2 ** 20;
/** Numbers of a piece, about. */
const PIECE = 2 ** 19;

/** Where something is cut: into pieces of these sizes along an axis. */
export interface Cut {
  readonly axis: 0 | 1;
  readonly sizes: readonly number[];
}

/** How weights [in, out] are best cut, along their longer axis; undefined when they are left whole. */
export function cutFor(shape: Shape): Cut | undefined {
  const [rows, columns] = shape;
  const count = elementCount(shape);
  if (rows === undefined || columns === undefined || shape.length !== 2 || count <= WORTH_CUTTING) return undefined;
  const axis = rows >= columns ? 0 : 1;
  const whole = shape[axis]!;
  const pieces = Math.min(whole, Math.ceil(count / PIECE));
  const end = (piece: number) => Math.round((piece * whole) / pieces);
  return { axis, sizes: Array.from({ length: pieces }, (_, piece) => end(piece + 1) - end(piece)) };
}

export function cutTensor(x: Tensor, cut: Cut | undefined): Tensor[] {
  if (cut === undefined) return [x];
  let from = 0;
  return cut.sizes.map((size) => {
    from += size;
    return slice(x, cut.axis, from - size, from);
  });
}

/** What a tensor was joined from, and along which axis. */
export interface Joined {
  readonly axis: 0 | 1;
  readonly pieces: readonly Tensor[];
}

const joined = new WeakMap<Tensor, Joined>();

/** The opposite of {@link cutTensor}. A product with the result works with the pieces, and the result is never made. */
export function joinPieces(pieces: readonly Tensor[], cut: Cut | undefined): Tensor {
  if (cut === undefined) return pieces[0]!;
  const whole = concat(pieces, cut.axis);
  joined.set(whole, { axis: cut.axis, pieces });
  return whole;
}

/** What a tensor was joined from by {@link joinPieces}. */
export function piecesOf(x: Tensor): Joined | undefined {
  return joined.get(x);
}
