// Making pictures smaller and larger: max pooling with switches and its undoing, average pooling, nearest upsampling.
import {
  geometryAttributes,
  geometryOf,
  isTiling,
  pictureShape,
  placesOf,
  type Size2,
  wholePair,
} from './convolution-geometry.ts';
import { mul } from './elementwise.ts';
import { differentiable, emit, innermostGraph, refuse, type Tensor } from './graph.ts';
import { largestOfTilesGradient } from './max-pool-gradient.ts';
import { elementCount, type Shape, sameShape, showShape } from './shape.ts';
import { reshape } from './shaping.ts';

export interface MaxPoolOptions {
  /** Size of a window. */
  readonly kernel: Size2;
  /** From one window to the next. @default kernel, windows side by side */
  readonly stride?: Size2;
  /** Places on every side that are never the largest; at most half of the kernel. @default 0 */
  readonly padding?: Size2;
  /** Pixels from one place of a window to the next. @default 1 */
  readonly dilation?: Size2;
}

export interface MaxPooled {
  /** The largest value of each window. */
  readonly pooled: Tensor;
  /**
   * Where it was: the flat position in the channels, lines and columns of its own row, int64, in the shape of `pooled`.
   * The first one wins a tie. (PyTorch counts within one channel.)
   */
  readonly switches: Tensor;
}

/**
 * The largest value of each window. Before a ReLU it is the same function as after, for a quarter of the work.
 * Works in an export with an open number of rows.
 */
export function maxPool2d(x: Tensor, options: MaxPoolOptions): MaxPooled {
  const [rows, channels, height, width] = pictureShape('MaxPool', x);
  const kernel = wholePair('MaxPool', x, 'kernel', options.kernel, 1);
  const geometry = geometryOf('MaxPool', x, kernel, { ...options, stride: options.stride ?? kernel });
  if (geometry.padding.some((padding, axis) => padding > kernel[axis]! / 2)) {
    refuse(
      'MaxPool',
      [x],
      `expected a padding of at most half the kernel ${showShape(kernel)} but received ${showShape(geometry.padding)}`,
    );
  }
  const places = placesOf([height, width], geometry);
  if (places[0] < 1 || places[1] < 1) {
    refuse(
      'MaxPool',
      [x],
      `expected a window that fits into ${showShape(x.shape)} but received the kernel ${showShape(kernel)} with padding ` +
        `${showShape(geometry.padding)} and dilation ${showShape(geometry.dilation)}`,
    );
  }
  const attributes = geometryAttributes(geometry);
  const shape = [rows, channels, ...places];
  const outputs = [
    { type: 'float32', shape },
    { type: 'int64', shape },
  ] as const;
  // By itself and left out of the model where nobody asks for it: with positions ONNX Runtime's pooling takes seven times
  // as long.
  const positions = innermostGraph([x]).node('MaxPool', [x], outputs, { attributes })[1]!;
  const pooled = differentiable(emit('MaxPool', [x], shape, { attributes }), [
    [
      x,
      isTiling([height, width], places, geometry)
        ? (gradient) => largestOfTilesGradient(x, gradient, kernel)
        : (gradient) => addAtPositions(gradient, positions, x.shape),
    ],
  ]);
  return { pooled, switches: inOwnRow(positions, x) };
}

/** Positions in the whole of `x` as positions in their rows. */
function inOwnRow(positions: Tensor, x: Tensor): Tensor {
  const { graph } = x;
  const rowLength = elementCount(x.shape.slice(1));
  const rows = x.shape[0]!;
  const count = reshape(sizeOfRows(x), []);
  const firsts = emit(
    'Range',
    [
      graph.integers(0),
      emit('Mul', [count, graph.integers(rowLength)], [], { type: 'int64' }),
      graph.integers(rowLength),
    ],
    [rows],
    { type: 'int64' },
  );
  const column = emit('Reshape', [firsts, graph.integers([-1, 1, 1, 1])], [rows, 1, 1, 1], { type: 'int64' });
  return emit('Sub', [positions, column], positions.shape, { type: 'int64' });
}

/** The number of rows at run time, int64 [1]. */
function sizeOfRows(x: Tensor): Tensor {
  return emit('Shape', [x], [1], { attributes: { start: { int: 0 }, end: { int: 1 } }, type: 'int64' });
}

/** Zeros of `shape` with each value of `x` added at its position in the whole: windows that overlap may share one. */
function addAtPositions(x: Tensor, positions: Tensor, shape: Shape): Tensor {
  const count = elementCount(shape);
  const places = [elementCount(x.shape)];
  const zeros = emit('ConstantOfShape', [x.graph.integers([count])], [count]);
  const flat = emit('ScatterElements', [zeros, reshape(positions, places), reshape(x, places)], [count], {
    attributes: { axis: { int: 0 }, reduction: { string: 'add' } },
  });
  return differentiable(reshape(flat, shape), [
    [
      x,
      (gradient) =>
        reshape(
          emit('GatherElements', [reshape(gradient, [count]), reshape(positions, places)], places, {
            attributes: { axis: { int: 0 } },
          }),
          x.shape,
        ),
    ],
  ]);
}

/**
 * Zeros with each value of `x` [rows, …] at its switch: [rows, …shape]. Where several values have one switch, the last
 * stays. Works in an export with an open number of rows.
 *
 * @param switches of {@link maxPool2d}, in the shape of `x`
 * @param shape of a row of the result, for example [channels, height, width]
 */
export function unpool2d(x: Tensor, switches: Tensor, shape: Shape): Tensor {
  if (!sameShape(x.shape, switches.shape) || x.shape.length === 0 || switches.type !== 'int64') {
    refuse(
      'Unpool',
      [x],
      `expected one int64 switch for each value of ${showShape(x.shape)} but received ${switches.type} ${showShape(switches.shape)}`,
    );
  }
  const rows = x.shape[0]!;
  const count = elementCount(shape);
  const places = elementCount(x.shape.slice(1));
  if (count < places) {
    refuse(
      'Unpool',
      [x],
      `expected room for the ${places} values of a row, as in ${showShape(x.shape)}, but ${showShape(shape)} was asked for`,
    );
  }
  const size = emit('Concat', [sizeOfRows(x), x.graph.integers([count])], [2], {
    attributes: { axis: { int: 0 } },
    type: 'int64',
  });
  const zeros = emit('ConstantOfShape', [size], [rows, count]);
  const inRows = reshape(switches, [rows, places]);
  const attributes = { axis: { int: 1 } };
  const flat = emit('ScatterElements', [zeros, inRows, reshape(x, [rows, places])], [rows, count], { attributes });
  return differentiable(reshape(flat, [rows, ...shape]), [
    [
      x,
      (gradient) =>
        reshape(
          emit('GatherElements', [reshape(gradient, [rows, count]), inRows], [rows, places], { attributes }),
          x.shape,
        ),
    ],
  ]);
}

/** The mean of each `size` × `size` cell. */
export function averagePool(x: Tensor, size = 2): Tensor {
  const [rows, channels, height, width] = pictureShape('AveragePool', x);
  if (!Number.isSafeInteger(size) || size < 1 || height % size !== 0 || width % size !== 0) {
    refuse('AveragePool', [x], `expected sides that ${size} divides but received ${showShape(x.shape)}`);
  }
  const attributes = { kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } };
  const cells = [rows, channels, height / size, width / size];
  return differentiable(emit('AveragePool', [x], cells, { attributes }), [
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
