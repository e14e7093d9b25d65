// The nearest codes of every code, exact, by matrix products in ONNX Runtime.
import { type Device, openSession } from '../runtime/onnx-session.ts';
import { Graph } from './graph/graph.ts';
import { gemm } from './graph/linear.ts';

/** Rows that are compared with all others in one product. */
const ROWS_AT_ONCE = 256;

/**
 * The `k` rows of the highest dot product of each row, its own left out: row numbers [rows × k], best first.
 *
 * @param codes [rows × size], rows of length 1
 */
export async function nearestCodes(
  codes: Float32Array,
  rows: number,
  k: number,
  options: { readonly device?: Device; readonly threads?: number } = {},
): Promise<Int32Array> {
  const size = codes.length / rows;
  const session = await openSession(searchModel(rows, size, k + 1), { device: options.device ?? 'auto', ...options });
  const nearest = new Int32Array(rows * k);
  const all = { data: codes, shape: [rows, size] };
  try {
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const to = Math.min(rows, from + ROWS_AT_ONCE);
      const asked = { data: codes.slice(from * size, to * size), shape: [to - from, size] };
      const found = (await session.run({ asked, all })).nearest!.data as BigInt64Array;
      for (let row = from; row < to; row++) {
        let place = row * k;
        for (let i = 0; i <= k && place < (row + 1) * k; i++) {
          const other = Number(found[(row - from) * (k + 1) + i]!);
          if (other !== row) nearest[place++] = other;
        }
      }
    }
  } finally {
    await session.release();
  }
  return nearest;
}

function searchModel(rows: number, size: number, k: number): Uint8Array {
  const graph = new Graph('nearest-codes');
  const asked = graph.input('asked', 'float32', [1, size], ['N', size]);
  const all = graph.input('all', 'float32', [rows, size]);
  const products = gemm(asked, all, { transposeB: true });
  const [, indices] = graph.node(
    'TopK',
    [products, graph.integers([k])],
    [
      { type: 'float32', shape: [1, k] },
      { type: 'int64', shape: [1, k] },
    ],
    { attributes: { axis: { int: -1 } } },
  );
  graph.output(indices!, 'nearest', ['N', k]);
  return graph.toModel();
}
