// Results as the lab might have them, invented: strokes for digits, smooth curves for losses.
import type { LabMap, LabResults, LabRun, LabSheet } from '../../src/lab/results.ts';
import { drawFilters, drawSheet } from '../../src/lab/sheet.ts';
import { Random } from '../../src/training/random.ts';

const SIDE = 28;
/** Lines through a 2 × 4 grid, from point to point. */
const STROKES = [
  '0 0 2 0 2 4 0 4 0 0',
  '1 0 1 4',
  '0 0 2 0 2 2 0 4 2 4',
  '0 0 2 0 0 2 2 3 0 4',
  '0 0 0 2 2 2 2 0 2 4',
  '2 0 0 0 0 2 2 2 2 4 0 4',
  '2 0 0 2 0 4 2 4 2 2 0 2',
  '0 0 2 0 0 4',
  '0 0 2 0 0 4 2 4 0 0',
  '2 2 0 2 0 0 2 0 2 4',
].map((points) => points.split(' ').map(Number));

/** Digits 0, 1, 2, … as [count, 28, 28] floats; `blur` widens the strokes and weakens them. */
function strokeDigits(count: number, blur = 0): Float32Array {
  const random = new Random(7);
  const pictures = new Float32Array(count * SIDE * SIDE);
  for (let picture = 0; picture < count; picture++) {
    const strokes = STROKES[picture % 10]!;
    const slant = random.between(-1, 1);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        let nearest = Number.POSITIVE_INFINITY;
        for (let at = 0; at + 3 < strokes.length; at += 2) {
          const ends = strokes.slice(at, at + 4).map((value, axis) => (axis % 2 ? 4 + value * 5 : 8 + value * 6));
          nearest = Math.min(nearest, distance(x - (slant * (14 - y)) / 4, y, ends));
        }
        pictures[(picture * SIDE + y) * SIDE + x] = Math.max(0, Math.min(1, (2.2 + blur - nearest) / (1 + blur)));
      }
    }
  }
  return pictures;
}

function distance(x: number, y: number, [ax, ay, bx, by]: readonly number[]): number {
  const [dx, dy] = [bx! - ax!, by! - ay!];
  const along = Math.max(0, Math.min(1, ((x - ax!) * dx + (y - ay!) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax! - along * dx, y - ay! - along * dy);
}

export async function sampleResults({ points = 10_000 } = {}): Promise<LabResults> {
  return {
    version: 1,
    dataSet: { name: 'drawn strokes', trainRows: 60_000, testRows: 10_000, shape: [1, 28, 28] },
    machine: {
      cpu: 'Imagined CPU @ 2.50 GHz',
      cores: 2,
      device: 'cpu',
      platform: 'linux x64',
      node: '20.20.2',
      onnxruntime: '1.30.0',
      date: '2030-01-02T03:04:05.000Z',
    },
    seed: 1234,
    seconds: 1834,
    runs: RUNS,
    sheets: await sheets(),
    errorTable: [
      { codeSize: 2, autoEncoder: 30.1, pca: 43.65, run: 'deep-2' },
      { codeSize: 10, autoEncoder: 8.71, pca: 26.71 },
      { codeSize: 16, autoEncoder: 6.02, pca: 21.06, run: 'mnist-mlp' },
      {
        codeSize: 30,
        autoEncoder: 2.88,
        pca: 13.87,
        run: 'deep-30',
        published: { error: 3, source: 'Hinton & Salakhutdinov 2006' },
      },
      { codeSize: 64, pca: 7.09 },
      { codeSize: 128, pca: 3.3 },
    ],
    maps: [
      map('PCA', points, 0.381, 1, 2.2),
      map('t-SNE', points, 0.968, 2, 0.35),
      map('Auto-encoder, 2 units', points, 0.842, 3, 0.8),
    ],
    retrieval: {
      queries: 1000,
      database: 60_000,
      rows: [
        {
          name: 'pixels',
          kind: 'baseline',
          size: 784,
          unit: 'numbers',
          accuracy5nn: 0.961,
          precisionAt100: 0.879,
          meanAveragePrecision: 0.426,
        },
        {
          name: 'PCA-30',
          kind: 'baseline',
          size: 30,
          unit: 'numbers',
          accuracy5nn: 0.97,
          precisionAt100: 0.899,
          meanAveragePrecision: 0.444,
        },
        {
          name: 'PCA-ITQ 64',
          kind: 'baseline',
          size: 64,
          unit: 'bits',
          accuracy5nn: 0.94,
          precisionAt100: 0.849,
          meanAveragePrecision: 0.454,
        },
        {
          name: 'deep-30',
          kind: 'auto-encoder',
          size: 30,
          unit: 'numbers',
          accuracy5nn: 0.973,
          precisionAt100: 0.914,
          meanAveragePrecision: 0.492,
        },
        {
          name: 'semantic-hash',
          kind: 'auto-encoder',
          size: 64,
          unit: 'bits',
          accuracy5nn: 0.951,
          precisionAt100: 0.87,
          meanAveragePrecision: 0.47,
        },
      ],
    },
    stacked: {
      architecture: '784-500-250-30, sigmoid',
      pretraining: [
        { name: '784–500', values: falling(10, 0.05, 0.006) },
        { name: '500–250', values: falling(10, 0.03, 0.004) },
        { name: '250–30', values: falling(10, 0.04, 0.009) },
      ],
      pretrainingSeconds: 61,
      pretrained: { lossPerEpoch: falling(20, 0.02, 0.006), testError: 4.9, seconds: 88 },
      fromScratch: { lossPerEpoch: falling(20, 0.068, 0.012), testError: 9.6, seconds: 90 },
    },
    notes: ['t-SNE saw the test pictures themselves; it has no encoder for new ones.'],
  };
}

function falling(epochs: number, from: number, to: number): number[] {
  return Array.from({ length: epochs }, (_, at) => to + (from - to) * Math.exp(-at / 2.5));
}

const DENSE = [784, 256, 128, 64, 16, 64, 128, 256, 784];

function run(
  name: string,
  title: string,
  shows: string,
  widths: readonly number[],
  more: Partial<LabRun> = {},
): LabRun {
  const losses = falling(20, 0.045, 0.009);
  const random = new Random(3);
  const steps = Array.from({ length: 500 }, (_, at) => (at + 1) * 37);
  return {
    name,
    title,
    shows,
    architecture: `${widths.join('-')}, ReLU, sigmoid output`,
    layers: widths.map((width, at) => ({
      name:
        at === 0
          ? 'input'
          : width === Math.min(...widths)
            ? 'code'
            : at === widths.length - 1
              ? 'dense, sigmoid'
              : 'dense, ReLU',
      shape: [width],
      ...(width === Math.min(...widths) ? { code: true } : {}),
    })),
    parameters: widths.slice(1).reduce((sum, width, at) => sum + (widths[at]! + 1) * width, 0),
    codeSize: Math.min(...widths),
    codeUnit: 'numbers',
    epochs: 20,
    batchSize: 64,
    optimizer: 'Adam, learning rate 0.001',
    loss: 'squared error, mean over pixels',
    secondsPerEpoch: Array.from({ length: 20 }, () => random.between(1.7, 1.9) * (widths[1]! / 256)),
    lossPerEpoch: losses,
    validationLossPerEpoch: losses.map((loss) => loss * 1.05 + 0.0003),
    lossPerStep: {
      steps,
      losses: steps.map((step) => (0.009 + 0.06 * Math.exp(-step / 2300)) * random.between(0.92, 1.08)),
    },
    testError: 6.02,
    ...more,
  };
}

const PLAIN =
  'The plain auto-encoder squeezes a picture through a narrow middle and is asked to give it again. What the middle keeps is the code. Look at how much of a digit 16 numbers can hold.';
const SMALL =
  'The same net with other widths in the middle: the fewer numbers, the more a picture is drawn like the mean of its kind.';

const RUNS: readonly LabRun[] = [
  run('mnist-mlp', 'Plain auto-encoder', PLAIN, DENSE),
  run('deep-2', 'Two numbers', SMALL, [784, 1000, 500, 250, 2, 250, 500, 1000, 784], {
    family: 'Deep auto-encoders',
    testError: 30.1,
  }),
  run('deep-30', 'Thirty numbers', SMALL, [784, 1000, 500, 250, 30, 250, 500, 1000, 784], {
    family: 'Deep auto-encoders',
    testError: 2.88,
  }),
  run(
    'denoise-gauss',
    'De-noising, Gaussian noise',
    'It sees noisy pictures and must give the clean ones. It cannot copy, so it has to learn what digits look like.',
    DENSE,
    { family: 'De-noising auto-encoders', testError: 9.4, noisyError: 61.2 },
  ),
  run(
    'denoise-mask',
    'De-noising, masked pixels',
    'Half of the pixels are set to nothing; the net fills them in from the others.',
    DENSE,
    { family: 'De-noising auto-encoders', testError: 10.3, noisyError: 50.9 },
  ),
  run(
    'cnn',
    'Convolutional auto-encoder',
    'Convolutions look for the same small patterns everywhere. Pooling remembers where the strongest one was, and unpooling puts it back there.',
    [784, 900, 225, 900, 784],
    {
      architecture: 'Conv2d(1→4, k2, s2, p1), max-pooling 2, unpooling, ConvTranspose2d(4→1)',
      layers: [
        { name: 'input', shape: [1, 28, 28] },
        { name: 'convolution 2 × 2, ReLU', shape: [4, 15, 15] },
        { name: 'max-pooling', shape: [4, 7, 7], code: true },
        { name: 'unpooling', shape: [4, 15, 15] },
        { name: 'transposed convolution, sigmoid', shape: [1, 28, 28] },
      ],
      codeSize: 196,
      testError: 5.2,
    },
  ),
  run(
    'vae',
    'Variational auto-encoder',
    'The code is a small cloud, not a point; clouds are kept near the standard normal distribution, so that a random point can be decoded to a new picture.',
    [784, 400, 20, 400, 784],
    {
      loss: 'cross-entropy + KL divergence, sum over pixels',
      lossPerEpoch: falling(20, 190, 104),
      validationLossPerEpoch: [...falling(14, 188, 105), 105.5, 105.6, 105.7, 105.8, 105.9, 106],
      lossPerStep: { steps: [], losses: [] },
      lossTerms: [
        { name: 'reconstruction', values: falling(20, 180, 79) },
        { name: 'KL divergence', values: Array.from({ length: 20 }, (_, at) => 25 * (1 - Math.exp(-at / 3))) },
      ],
      testError: 7.9,
    },
  ),
];

async function sheets(): Promise<LabSheet[]> {
  const random = new Random(5);
  const clean = strokeDigits(16);
  const eight = strokeDigits(8);
  const restored = strokeDigits(8, 1);
  const noisy = eight.map((value) => value + 0.4 * random.normal());
  const masked = eight.map((value) => (random.chance(0.5) ? 0 : value));
  const shape = [1, SIDE, SIDE];
  const sheet = async (
    title: string,
    caption: string,
    bands: Record<string, Float32Array>,
    more: Partial<LabSheet> = {},
  ): Promise<LabSheet> => ({
    title,
    caption,
    png: await base64(
      drawSheet(
        Object.entries(bands).map(([label, pictures]) => ({ label, pictures })),
        { shape },
      ),
    ),
    bands: Object.keys(bands),
    ...more,
  });
  return [
    ...(await Promise.all(
      [2, 10, 16, 30].map((k) =>
        sheet(`${k} numbers a picture`, `Test pictures, and what is left of them when only ${k} numbers are kept.`, {
          original: eight,
          [`AE-${k}`]: strokeDigits(8, 8 / k),
          [`PCA-${k}`]: strokeDigits(8, 20 / k),
        }),
      ),
    )),
    await sheet(
      'Reconstructions',
      'Sixteen test pictures.',
      { original: clean, reconstruction: strokeDigits(16, 1) },
      { run: 'mnist-mlp', blocks: 2 },
    ),
    await sheet(
      'Gaussian noise',
      'Standard deviation 0.4.',
      { noisy, restored, clean: eight },
      { run: 'denoise-gauss' },
    ),
    await sheet(
      'Masked pixels',
      'Each pixel set to 0 with probability 0.5.',
      { noisy: masked, restored, clean: eight },
      { run: 'denoise-mask' },
    ),
    {
      ...(await sheet('Samples', 'Random codes, decoded.', { sample: strokeDigits(32, 2) }, { run: 'vae' })),
      bands: [],
    },
    {
      title: 'First layer',
      caption: 'What 32 of the 256 units look for: white pixels speak for it, black ones against.',
      png: await base64(
        drawFilters(
          Float32Array.from({ length: 784 * 32 }, () => random.normal()),
          { shape: [784, 32], input: shape },
        ),
      ),
      bands: [],
      run: 'mnist-mlp',
    },
  ];
}

async function base64(png: Promise<Uint8Array>): Promise<string> {
  return Buffer.from(await png).toString('base64');
}

function map(name: string, points: number, accuracy5nn: number, seed: number, spread: number): LabMap {
  const random = new Random(seed);
  const centres = Array.from(
    { length: 10 },
    (_, at) => [3 * Math.cos(at * 2.4) * (1 + at / 9), 3 * Math.sin(at * 2.4) * (1 + at / 9)] as const,
  );
  const labels = Array.from({ length: points }, () => random.integer(10));
  return {
    name,
    labels,
    points: labels.flatMap((label) =>
      centres[label]!.map((value) => Number((value + spread * random.normal()).toPrecision(4))),
    ),
    accuracy5nn,
    note:
      name === 't-SNE'
        ? 'Perplexity 30; neighbours are kept together, distances between groups mean little.'
        : 'Learned from the training pictures, drawn for the test pictures.',
  };
}
