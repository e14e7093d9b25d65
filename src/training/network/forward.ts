// Rows to codes and codes to rows: a network's way there and back.
import { add, div, log, mul, sigmoid, sqrt } from '../graph/elementwise.ts';
import type { Tensor } from '../graph/graph.ts';
import { sum } from '../graph/reduction.ts';
import { elementCount } from '../graph/shape.ts';
import { cast } from '../graph/shaping.ts';
import { softmax } from '../graph/softmax.ts';
import { type Layer, type Pass, withRows } from './layer.ts';
import type { Network } from './network.ts';
import type { Recipe } from './recipe.ts';

/** Euclidean length of a document's values: entries are then near 1, as what weights start with expects. */
const DOCUMENT_LENGTH = 8;

/** Stored rows (bytes of pixels, counts of words) as the encoder takes them. */
export function valuesOf({ input }: Recipe, rows: Tensor): Tensor {
  const numbers = cast(rows, 'float32');
  if (input.values === 'pixels') return mul(numbers, 1 / 255);
  const logarithms = log(add(numbers, 1));
  const axes = input.shape.map((_, axis) => axis + 1);
  const length = sqrt(add(sum(mul(logarithms, logarithms), { axes, keepAxes: true }), 1e-12));
  return mul(div(logarithms, length), DOCUMENT_LENGTH);
}

/** Codes [n, …code] of values [n, …input]. */
export function encode({ encoder }: Network, values: Tensor, pass: Pass): Tensor {
  return through(encoder, values, pass);
}

/** What the decoder makes of codes, [n, …input], before {@link outputOf}. */
export function decode({ decoder, input }: Network, codes: Tensor, pass: Pass): Tensor {
  return withRows(through(decoder, codes, pass), input);
}

/** Values as the input's, of what the decoder made. */
export function outputOf({ output, input }: Recipe, made: Tensor): Tensor {
  if (output === 'identity') return made;
  if (output === 'sigmoid') return sigmoid(made);
  return withRows(softmax(withRows(made, [elementCount(input.shape)])), input.shape);
}

/** Rows through layers, one after the other. */
export function through(layers: readonly Layer[], rows: Tensor, pass: Pass): Tensor {
  return layers.reduce((x, layer) => x.graph.inLayer(layer.name, () => layer.apply(x, pass)), rows);
}
