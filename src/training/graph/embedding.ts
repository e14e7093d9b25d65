// A dense layer for inputs that are nearly all zeros: sums the weights of the few that are not.
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { showShape } from './shape.ts';
import { cast, reshape } from './shaping.ts';

/**
 * x · table, for x [rows, size] given by its entries: row r of the result is Σ values[r, i] · table[places[r, i]].
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
  const sums = emit('MatMul', [reshape(values, [rows, 1, most]), taken], [rows, 1, columns]);
  return differentiable(emit('Reshape', [sums, table.graph.integers([rows, columns])], [rows, columns]), [
    [
      table,
      (gradient) => {
        const spread = emit(
          'MatMul',
          [reshape(values, [rows, most, 1]), reshape(gradient, [rows, 1, columns])],
          [rows, most, columns],
        );
        const zeros = emit('ConstantOfShape', [table.graph.integers(table.shape)], table.shape);
        const where = reshape(cast(places, 'int64'), [rows * most, 1]);
        return emit('ScatterND', [zeros, where, reshape(spread, [rows * most, columns])], table.shape, {
          attributes: { reduction: { string: 'add' } },
        });
      },
    ],
  ]);
}
