// A dense layer for inputs that are nearly all zeros: sums the weights of the few that are not.
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { gemm } from './linear.ts';
import { showShape } from './shape.ts';
import { cast, reshape } from './shaping.ts';

/**
 * x · table, for x [rows, size] given by its entries: row r of the result is Σ values[r, i] · table[places[r, i]].
 *
 * The result is computed from the entries alone; the gradient takes the dense input.
 *
 * @param table [size, columns]; the gradient reaches it alone
 * @param places [rows, most] int32 or int64, in 0 … size − 1; unused ones have the value 0
 * @param values [rows, most]
 */
export function embeddingSum(table: Tensor, places: Tensor, values: Tensor): Tensor {
  const [size, columns] = table.shape;
  const [rows, most] = places.shape;
  if (table.shape.length !== 2 || size === undefined || columns === undefined) {
    refuse('embeddingSum', [table], `expected a table [size, columns] but received ${showShape(table.shape)}`);
  }
  if (
    places.shape.length !== 2 ||
    rows === undefined ||
    most === undefined ||
    places.shape.join() !== values.shape.join()
  ) {
    refuse(
      'embeddingSum',
      [places, values],
      `expected places and values of one shape [rows, most] but received ${showShape(places.shape)} and ${showShape(values.shape)}`,
    );
  }
  const taken = emit('Gather', [table, places], [rows, most, columns], { attributes: { axis: { int: 0 } } });
  // Axes put in and taken out, not shapes that are given: in an exported encoder both sizes are open.
  const axis = table.graph.integers([1]);
  const lying = emit('Unsqueeze', [values, axis], [rows, 1, most]);
  const sums = emit('MatMul', [lying, taken], [rows, 1, columns]);
  return differentiable(emit('Squeeze', [sums, axis], [rows, columns]), [
    [
      table,
      (gradient) => {
        // Adding rows up by ScatterND would be cheaper, but ONNX Runtime 1.30 loses some of those that go to one place
        // when it has several threads. Single numbers are added by one thread.
        const starts = Int32Array.from({ length: rows }, (_, row) => row * size);
        const inRows = emit(
          'Add',
          [cast(places, 'int32'), table.graph.constant(starts, 'int32', [rows, 1])],
          [rows, most],
          {
            type: 'int32',
          },
        );
        const zeros = emit('ConstantOfShape', [table.graph.integers([rows * size])], [rows * size]);
        const flat = emit(
          'ScatterElements',
          [zeros, reshape(inRows, [rows * most]), reshape(values, [rows * most])],
          [rows * size],
          { attributes: { axis: { int: 0 }, reduction: { string: 'add' } } },
        );
        return gemm(reshape(flat, [rows, size]), gradient, { transposeA: true });
      },
    ],
  ]);
}
