// Making pictures smaller and larger: max pooling with switches and its undoing, average pooling, nearest upsampling.
import { pictureShape } from './convolution.ts';
import { mul } from './elementwise.ts';
import { differentiable, emit, innermostGraph, refuse, type Tensor } from './graph.ts';
import { elementCount, type Shape, showShape } from './shape.ts';
import { reshape } from './shaping.ts';

export interface MaxPooled {
  /** The largest value of each cell. */
  readonly pooled: Tensor;
  /** Where it was: the flat position in the whole input, int64, in the shape of `pooled`. The first one wins a tie. */
  readonly switches: Tensor;
}

/** The largest of each `size` × `size` cell. Before a ReLU it is the same function as after, for a quarter of the work. */
export function maxPool(x: Tensor, size = 2): MaxPooled {
  const shape = cells('MaxPool', x, size);
  const attributes = { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } };
  const outputs = [
    { type: 'float32', shape },
    { type: 'int64', shape },
  ] as const;
  const [pooled, switches] = innermostGraph([x]).node('MaxPool', [x], outputs, { attributes }) as [Tensor, Tensor];
  return { pooled: differentiable(pooled, [[x, (gradient) => unpool(gradient, switches, x.shape)]]), switches };
}

/** Zeros of `shape` with each value of `x` where its switch says. */
export function unpool(x: Tensor, switches: Tensor, shape: Shape): Tensor {
  if (elementCount(x.shape) !== elementCount(switches.shape)) {
    refuse(
      'Unpool',
      [x],
      `expected one switch for each value of ${showShape(x.shape)} but received ${showShape(switches.shape)}`,
    );
  }
  const count = elementCount(shape);
  const places = [elementCount(x.shape)];
  const zeros = emit('ConstantOfShape', [x.graph.integers([count])], [count]);
  const flat = emit('ScatterElements', [zeros, reshape(switches, places), reshape(x, places)], [count], {
    attributes: { axis: { int: 0 } },
  });
  return differentiable(reshape(flat, shape), [
    [
      x,
      (gradient) => {
        const picked = emit('GatherElements', [reshape(gradient, [count]), reshape(switches, places)], places, {
          attributes: { axis: { int: 0 } },
        });
        return reshape(picked, x.shape);
      },
    ],
  ]);
}

/** The mean of each `size` × `size` cell. */
export function averagePool(x: Tensor, size = 2): Tensor {
  const [, , height, width] = pictureShape('AveragePool', x);
  if (height % size !== 0 || width % size !== 0) {
    refuse('AveragePool', [x], `expected sides that ${size} divides but received ${showShape(x.shape)}`);
  }
  const attributes = { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } };
  return differentiable(emit('AveragePool', [x], cells('AveragePool', x, size), { attributes }), [
    [x, (gradient) => mul(upsampleNearest(gradient, size), 1 / (size * size))],
  ]);
}

/** Each pixel as a `factor` × `factor` cell. */
export function upsampleNearest(x: Tensor, factor = 2): Tensor {
  const [rows, channels, height, width] = pictureShape('Resize', x);
  const scales = x.graph.constant(Float32Array.of(1, 1, factor, factor), 'float32', [4]);
  const y = emit('Resize', [x, undefined, scales], [rows, channels, height * factor, width * factor], {
    attributes: {
      mode: { string: 'nearest' },
      coordinate_transformation_mode: { string: 'asymmetric' },
      nearest_mode: { string: 'floor' },
    },
  });
  return differentiable(y, [[x, (gradient) => mul(averagePool(gradient, factor), factor * factor)]]);
}

function cells(operator: string, x: Tensor, size: number): number[] {
  const [rows, channels, height, width] = pictureShape(operator, x);
  if (!Number.isInteger(size) || size < 1 || size > height || size > width) {
    refuse(operator, [x], `expected a cell size that fits into ${showShape(x.shape)} but received ${size}`);
  }
  return [rows, channels, Math.floor(height / size), Math.floor(width / size)];
}
