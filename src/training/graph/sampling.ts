// Bending pictures, for corruption of inputs: affine grids, grid sampling, resizing. No gradient passes these.
import { pictureShape } from './convolution-geometry.ts';
import { emit, refuse, type Tensor } from './graph.ts';
import { showShape } from './shape.ts';
import { reshape, transpose } from './shaping.ts';

/**
 * Where each pixel of the result looks in its source: [rows, height, width, 2] with x and y in −1…1 from edge to edge.
 *
 * @param matrices [rows, 2, 3], taking (x, y, 1) of the result to (x, y) of the source
 */
export function affineGrid(matrices: Tensor, height: number, width: number): Tensor {
  const [rows, two, three] = matrices.shape;
  if (matrices.shape.length !== 3 || rows === undefined || two !== 2 || three !== 3) {
    refuse('AffineGrid', [matrices], `expected [rows, 2, 3] but received ${showShape(matrices.shape)}`);
  }
  const places = new Float32Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      places.set([(2 * x + 1) / width - 1, (2 * y + 1) / height - 1, 1], (y * width + x) * 3);
    }
  }
  const base = matrices.graph.constant(places, 'float32', [height * width, 3], 'grid');
  const grid = emit('MatMul', [base, transpose(matrices, [0, 2, 1])], [rows, height * width, 2]);
  return reshape(grid, [rows, height, width, 2]);
}

export interface GridSampleOptions {
  /** @default 'bilinear' */
  readonly mode?: 'bilinear' | 'nearest' | 'bicubic';
  /** What lies outside the picture. @default 'zeros' */
  readonly outside?: 'zeros' | 'border' | 'reflection';
}

/** x [rows, channels, h, w] at the places of a grid [rows, height, width, 2]: [rows, channels, height, width]. */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const [rows, channels] = pictureShape('GridSample', x);
  const [gridRows, height, width, two] = pictureShape('GridSample', grid);
  if (gridRows !== rows || two !== 2) {
    refuse(
      'GridSample',
      [x, grid],
      `expected a grid [${rows}, height, width, 2] but received ${showShape(grid.shape)}`,
    );
  }
  return emit('GridSample', [x, grid], [rows, channels, height, width], {
    attributes: {
      mode: { string: options.mode ?? 'bilinear' },
      padding_mode: { string: options.outside ?? 'zeros' },
      align_corners: { int: 0 },
    },
  });
}

/** Linear interpolation to another size, pixel centres at half integers. */
export function resizeLinear(x: Tensor, height: number, width: number): Tensor {
  const [rows, channels] = pictureShape('Resize', x);
  const sizes = x.graph.integers([rows, channels, height, width]);
  return emit('Resize', [x, undefined, undefined, sizes], [rows, channels, height, width], {
    attributes: { mode: { string: 'linear' }, coordinate_transformation_mode: { string: 'half_pixel' } },
  });
}
