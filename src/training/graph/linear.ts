// Matrix products with their gradients.
import { add } from './elementwise.ts';
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import { type Joined, piecesOf } from './pieces.ts';
import { sumTo } from './reduction.ts';
import { broadcastShape, sameShape, showShape } from './shape.ts';
import { concat, slice } from './shaping.ts';

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
  const joined = transposeA ? undefined : piecesOf(b);
  if (joined !== undefined) return gemmWithPieces(a, joined, transposeB, bias);
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

/** {@link gemm} for weights in pieces: of the sum over the inner size, or of the columns of the result. */
function gemmWithPieces(a: Tensor, { axis, pieces }: Joined, transposeB: boolean, bias: Tensor | undefined): Tensor {
  const inner = (axis === 0) !== transposeB;
  const sizes = pieces.map((piece) => piece.shape[axis]!);
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
  const part = (x: Tensor, i: number) => slice(x, 1, starts[i]!, starts[i]! + sizes[i]!);
  const raw = (left: Tensor, piece: Tensor, c: Tensor | undefined) =>
    emit(
      'Gemm',
      c === undefined ? [left, piece] : [left, piece, c],
      [left.shape[0]!, transposeB ? piece.shape[0]! : piece.shape[1]!],
      { attributes: { transB: { int: transposeB ? 1 : 0 } } },
    );
  let product: Tensor;
  if (inner) {
    let sum = bias;
    for (const [i, piece] of pieces.entries()) sum = raw(part(a, i), piece, sum);
    product = sum!;
  } else {
    product = concat(
      pieces.map((piece) => raw(a, piece, undefined)),
      1,
    );
    if (bias !== undefined) product = emit('Add', [product, bias], product.shape);
  }
  return differentiable(product, [
    [
      a,
      (gradient) => {
        const back = pieces.map((piece, i) =>
          gemm(inner ? gradient : part(gradient, i), piece, { transposeB: !transposeB }),
        );
        return inner ? concat(back, 1) : back.reduce((sum, each) => add(sum, each));
      },
    ],
    ...pieces.map((piece, i): [Tensor, (gradient: Tensor) => Tensor] => [
      piece,
      (gradient) => {
        const left = inner ? part(a, i) : a;
        const slope = inner ? gradient : part(gradient, i);
        return transposeB ? gemm(slope, left, { transposeA: true }) : gemm(left, slope, { transposeA: true });
      },
    ]),
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
