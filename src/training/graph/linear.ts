// Matrix products with their gradients.
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { sumTo } from './reduction.ts';
import { broadcastShape, sameShape, showShape } from './shape.ts';

export interface GemmOptions {
  /** Reads `a` as its transpose. @default false */
  readonly transposeA?: boolean;
  /** Reads `b` as its transpose. @default false */
  readonly transposeB?: boolean;
  /** Added to the product, stretched over it: [columns] is one number a column. */
  readonly bias?: Tensor;
}

/** a · b + bias for a [rows, inner] and b [inner, columns], each read as its transpose where asked. */
export function gemm(a: Tensor, b: Tensor, options: GemmOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, bias } = options;
  const [rows, inner] = matrixShape(a, transposeA);
  const [innerOfB, columns] = matrixShape(b, transposeB);
  if (inner !== innerOfB) {
    refuse(
      'Gemm',
      [a, b],
      `expected matrices with a common inner size but received ${shown(a, transposeA)} and ${shown(b, transposeB)}`,
    );
  }
  const shape = [rows, columns];
  if (bias !== undefined && !sameShape(broadcastShape(bias.shape, shape) ?? [], shape)) {
    refuse('Gemm', [a, b], `expected a bias that fits ${showShape(shape)} but received ${showShape(bias.shape)}`);
  }
  const product = emit('Gemm', bias === undefined ? [a, b] : [a, b, bias], shape, {
    attributes: { transA: { int: transposeA ? 1 : 0 }, transB: { int: transposeB ? 1 : 0 } },
  });
  return differentiable(product, [
    [
      a,
      (gradient) =>
        transposeA
          ? gemm(b, gradient, { transposeA: transposeB, transposeB: true })
          : gemm(gradient, b, { transposeB: !transposeB }),
    ],
    [
      b,
      (gradient) =>
        transposeB
          ? gemm(gradient, a, { transposeA: true, transposeB: transposeA })
          : gemm(a, gradient, { transposeA: !transposeA }),
    ],
    ...(bias === undefined ? [] : [[bias, (gradient: Tensor) => sumTo(gradient, bias.shape)] as const]),
  ]);
}

function matrixShape(x: Tensor, transposed: boolean): [rows: number, columns: number] {
  const [rows, columns] = x.shape;
  if (x.shape.length !== 2 || rows === undefined || columns === undefined) {
    return refuse('Gemm', [x], `expected a matrix but received ${showShape(x.shape)}`);
  }
  return transposed ? [columns, rows] : [rows, columns];
}

function shown(x: Tensor, transposed: boolean): string {
  return `${showShape(x.shape)}${transposed ? ' transposed' : ''}`;
}
