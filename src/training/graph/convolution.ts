// Two-dimensional convolution and its transpose, with gradients. Pictures are [rows, channels, height, width].
import { differentiable, emit, refuse, type Tensor } from './graph.ts';
import type { AttributeProto } from './model-proto.ts';
import { sum } from './reduction.ts';
import { showShape } from './shape.ts';
import { concat, reshape, transpose } from './shaping.ts';

export interface ConvolutionOptions {
  /** One number a channel of the result. */
  readonly bias?: Tensor;
  /** @default 1 */
  readonly stride?: number;
  /** Zeros on every side. @default 0 */
  readonly padding?: number;
}

export interface TransposedConvolutionOptions extends ConvolutionOptions {
  /** Rows and columns added at the lower right. @default 0 */
  readonly outputPadding?: number;
}

/** x [rows, in, h, w] with weights [out, in, kh, kw]. */
export function conv2d(x: Tensor, weights: Tensor, options: ConvolutionOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0 } = options;
  const [rows, channels, height, width] = pictureShape('Conv', x);
  const [filters, depth, kernelHeight, kernelWidth] = pictureShape('Conv', weights);
  if (channels !== depth) {
    refuse(
      'Conv',
      [x, weights],
      `expected weights for ${channels} channels, as in ${showShape(x.shape)}, but received ${showShape(weights.shape)}`,
    );
  }
  checkBias('Conv', x, bias, filters);
  const reach = (size: number, kernel: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const outHeight = reach(height, kernelHeight);
  const outWidth = reach(width, kernelWidth);
  if (outHeight < 1 || outWidth < 1) {
    refuse(
      'Conv',
      [x, weights],
      `expected pictures no smaller than the kernel but received ${showShape(x.shape)} and ${showShape(weights.shape)}`,
    );
  }
  const attributes = geometry([kernelHeight, kernelWidth], stride, padding);
  const y = emit('Conv', inputs(x, weights, bias), [rows, filters, outHeight, outWidth], { attributes });
  const left = (size: number, out: number, kernel: number) => size - ((out - 1) * stride + kernel - 2 * padding);
  return differentiable(y, [
    [
      x,
      (gradient) =>
        emit('ConvTranspose', [gradient, weights], x.shape, {
          attributes: {
            ...attributes,
            output_padding: { ints: [left(height, outHeight, kernelHeight), left(width, outWidth, kernelWidth)] },
          },
        }),
    ],
    [weights, (gradient) => weightGradient(x, gradient, weights, stride, padding)],
    ...biasOrigin(bias),
  ]);
}

/** x [rows, in, h, w] with weights [in, out, kh, kw]: sizes grow to (h − 1)·stride − 2·padding + kh + outputPadding. */
export function convTranspose2d(x: Tensor, weights: Tensor, options: TransposedConvolutionOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, outputPadding = 0 } = options;
  const [rows, channels, height, width] = pictureShape('ConvTranspose', x);
  const [depth, filters, kernelHeight, kernelWidth] = pictureShape('ConvTranspose', weights);
  if (channels !== depth) {
    refuse(
      'ConvTranspose',
      [x, weights],
      `expected weights for ${channels} channels, as in ${showShape(x.shape)}, but received ${showShape(weights.shape)}`,
    );
  }
  checkBias('ConvTranspose', x, bias, filters);
  const reach = (size: number, kernel: number) => (size - 1) * stride - 2 * padding + kernel + outputPadding;
  const shape = [rows, filters, reach(height, kernelHeight), reach(width, kernelWidth)];
  const attributes = geometry([kernelHeight, kernelWidth], stride, padding);
  const y = emit('ConvTranspose', inputs(x, weights, bias), shape, {
    attributes: { ...attributes, output_padding: { ints: [outputPadding, outputPadding] } },
  });
  return differentiable(y, [
    [x, (gradient) => emit('Conv', [gradient, weights], x.shape, { attributes })],
    [weights, (gradient) => weightGradient(gradient, x, weights, stride, padding)],
    ...biasOrigin(bias),
  ]);
}

/**
 * Gradient [out, in, kh, kw] of a convolution's weights, from its input [rows, in, h, w] and the gradient
 * [rows, out, h', w'] at its output: shifted copies of the input side by side, then one matrix product.
 */
function weightGradient(input: Tensor, gradient: Tensor, weights: Tensor, stride: number, padding: number): Tensor {
  const [filters, channels, kernelHeight, kernelWidth] = pictureShape('Conv', weights);
  const [rows, , outHeight, outWidth] = pictureShape('Conv', gradient);
  const places = outHeight * outWidth;
  const taps = kernelHeight * kernelWidth;
  // Channels first, so that the copies join into one matrix: products row by row would leave rows · out · in · taps
  // partial sums to add up.
  const copies = shiftedCopies(
    padSides(transpose(input, [1, 0, 2, 3]), padding),
    [kernelHeight, kernelWidth],
    [outHeight, outWidth],
    stride,
  );
  const columns = reshape(concat(copies, 0), [taps * channels, rows * places]);
  const lines = reshape(transpose(gradient, [1, 0, 2, 3]), [filters, rows * places]);
  const product = emit('Gemm', [lines, columns], [filters, taps * channels], { attributes: { transB: { int: 1 } } });
  return transpose(reshape(product, [filters, kernelHeight, kernelWidth, channels]), [0, 3, 1, 2]);
}

/** Zeros around each map. */
function padSides(x: Tensor, padding: number): Tensor {
  if (padding === 0) return x;
  const [rows, channels, height, width] = pictureShape('Pad', x);
  const amounts = x.graph.integers([0, 0, padding, padding, 0, 0, padding, padding]);
  return emit('Pad', [x, amounts], [rows, channels, height + 2 * padding, width + 2 * padding]);
}

/** For each place of the kernel, what it saw: the input from there on, in steps of the stride. */
function shiftedCopies(
  padded: Tensor,
  [kernelHeight, kernelWidth]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
  stride: number,
): Tensor[] {
  const { graph } = padded;
  const copies: Tensor[] = [];
  for (let y = 0; y < kernelHeight; y++) {
    for (let x = 0; x < kernelWidth; x++) {
      const starts = graph.integers([y, x]);
      const ends = graph.integers([y + (outHeight - 1) * stride + 1, x + (outWidth - 1) * stride + 1]);
      const shape = [padded.shape[0]!, padded.shape[1]!, outHeight, outWidth];
      copies.push(
        emit('Slice', [padded, starts, ends, graph.integers([2, 3]), graph.integers([stride, stride])], shape),
      );
    }
  }
  return copies;
}

function biasOrigin(bias: Tensor | undefined): [Tensor, (gradient: Tensor) => Tensor][] {
  if (bias === undefined) return [];
  // Three short sums: one long float32 sum loses digits.
  return [[bias, (gradient) => sum(sum(sum(gradient, { axes: [3] }), { axes: [2] }), { axes: [0] })]];
}

function checkBias(operator: string, x: Tensor, bias: Tensor | undefined, channels: number): void {
  if (bias === undefined || bias.shape.join() === `${channels}`) return;
  refuse(operator, [x], `expected a bias of shape [${channels}] but received ${showShape(bias.shape)}`);
}

function inputs(x: Tensor, weights: Tensor, bias: Tensor | undefined): Tensor[] {
  return bias === undefined ? [x, weights] : [x, weights, bias];
}

function geometry(kernel: readonly number[], stride: number, padding: number): Record<string, AttributeProto> {
  return {
    kernel_shape: { ints: kernel },
    strides: { ints: [stride, stride] },
    pads: { ints: [padding, padding, padding, padding] },
  };
}

/** The four sizes of a picture tensor or of weights. */
export function pictureShape(operator: string, x: Tensor): [number, number, number, number] {
  if (x.shape.length !== 4) refuse(operator, [x], `expected four axes but received ${showShape(x.shape)}`);
  return x.shape as unknown as [number, number, number, number];
}
