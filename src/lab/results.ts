// All that the lab measured, as plain JSON: lab/report.html can be drawn from lab/results.json again.

/**
 * What one visit to the lab found. Errors are squared errors summed over a picture's pixels (0 to 1), mean over the test
 * set, unless something else is said.
 */
export interface LabResults {
  readonly version: 1;
  readonly dataSet: LabDataSet;
  readonly machine: LabMachine;
  /** The seed of every run. */
  readonly seed: number;
  /** Of all trainings, also those of an earlier visit. */
  readonly seconds: number;
  /** In the order of the page. */
  readonly runs: readonly LabRun[];
  readonly sheets: readonly LabSheet[];
  /** Auto-encoders beside PCA with as many numbers, by rising code size. */
  readonly errorTable: readonly LabErrorRow[];
  readonly maps: readonly LabMap[];
  readonly retrieval?: LabRetrieval;
  readonly stacked?: LabStacked;
  /** What the reader must know besides: a shortened run, a recipe that failed and why. */
  readonly notes: readonly string[];
}

export interface LabDataSet {
  readonly name: string;
  readonly trainRows: number;
  readonly testRows: number;
  /** Of one row: [1, 28, 28]. */
  readonly shape: readonly number[];
  /** What the labels mean, in order; digits need none. */
  readonly labelNames?: readonly string[];
}

export interface LabMachine {
  readonly cpu: string;
  readonly cores: number;
  /** What trained: `cpu`, or the name of a graphics card. */
  readonly device: string;
  readonly platform: string;
  readonly node: string;
  readonly onnxruntime: string;
  /** ISO 8601. */
  readonly date: string;
}

/** One auto-encoder, trained. */
export interface LabRun {
  /** The recipe's, unique within the results: `mnist-mlp`. */
  readonly name: string;
  readonly title: string;
  /** Runs of one family share a section of the page; its heading. @default the title */
  readonly family?: string;
  /** Two or three sentences for a student: what this kind is, and what to look for. */
  readonly shows: string;
  /** As in a paper: `784-256-128-64-16-64-128-256-784, ReLU, sigmoid output`. */
  readonly architecture: string;
  /** Input to output, for the drawing. */
  readonly layers: readonly LabLayer[];
  readonly parameters: number;
  readonly codeSize: number;
  readonly codeUnit: 'numbers' | 'bits';
  readonly epochs: number;
  readonly batchSize: number;
  /** With its settings: `Adam, learning rate 0.001`. */
  readonly optimizer: string;
  /** `squared error, mean over pixels` */
  readonly loss: string;
  readonly secondsPerEpoch: readonly number[];
  /** Mean training loss of each epoch. */
  readonly lossPerEpoch: readonly number[];
  readonly validationLossPerEpoch?: readonly number[];
  /** Parts of the training loss that are worth a line of their own (KL divergence, L1), one value an epoch. */
  readonly lossTerms?: readonly LabCurve[];
  /** Every so-many-th step's loss, a thousand points at most. */
  readonly lossPerStep?: { readonly steps: readonly number[]; readonly losses: readonly number[] };
  /** Against the clean picture. */
  readonly testError?: number;
  /** De-noising: error of the noisy input itself against the clean one, what doing nothing would score. */
  readonly noisyError?: number;
}

export interface LabLayer {
  /** `input`, `dense, ReLU`, `code`, … */
  readonly name: string;
  /** Of what it gives: [256] or [4, 15, 15]. */
  readonly shape: readonly number[];
  /** True for the narrow middle. */
  readonly code?: boolean;
}

export interface LabCurve {
  readonly name: string;
  /** One value an epoch. */
  readonly values: readonly number[];
}

/** A picture made by `drawSheet` or `drawFilters`. */
export interface LabSheet {
  readonly title: string;
  readonly caption: string;
  /** PNG as base64, without `data:`. */
  readonly png: string;
  /** What the lines show, from above: `['noisy', 'restored', 'clean']`; empty for a sheet of one kind of tile. */
  readonly bands: readonly string[];
  /** How often these lines come again (pictures / columns, rounded up). @default 1 */
  readonly blocks?: number;
  /** The run whose section it belongs to; none: it stands among the comparisons with PCA. */
  readonly run?: string;
}

export interface LabErrorRow {
  readonly codeSize: number;
  readonly autoEncoder?: number;
  readonly pca?: number;
  /** The run that the auto-encoder's figure is from. */
  readonly run?: string;
  /** A published figure for the same, with its source: `{ error: 3, source: 'Hinton & Salakhutdinov 2006' }`. */
  readonly published?: { readonly error: number; readonly source: string };
}

/** Test pictures as points of a plane. */
export interface LabMap {
  /** `PCA`, `t-SNE`, `Auto-encoder, 2 units` */
  readonly name: string;
  /** Flat x, y pairs. Three significant digits are enough. */
  readonly points: readonly number[];
  /** One a point: a place in `labelNames`, or the digit. */
  readonly labels: readonly number[];
  /** Share of points whose five nearest neighbours on the map (itself left out) vote for its label. */
  readonly accuracy5nn: number;
  readonly note: string;
}

/** How well codes find pictures of the same label. */
export interface LabRetrieval {
  /** Test pictures that asked. */
  readonly queries: number;
  /** Training pictures that were searched. */
  readonly database: number;
  readonly rows: readonly LabRetrievalRow[];
}

export interface LabRetrievalRow {
  readonly name: string;
  /** `baseline` for pixels, PCA, ITQ, …: the auto-encoders are judged against the best of them. */
  readonly kind: 'auto-encoder' | 'baseline';
  readonly size: number;
  readonly unit: 'numbers' | 'bits';
  readonly accuracy5nn: number;
  readonly precisionAt100: number;
  readonly meanAveragePrecision: number;
}

/** Greedy layer-wise pre-training against training the same net from scratch. */
export interface LabStacked {
  readonly architecture: string;
  /** The reconstruction loss of each layer's own auto-encoder. */
  readonly pretraining: readonly LabCurve[];
  readonly pretrainingSeconds: number;
  /** Fine-tuning after the pre-training. */
  readonly pretrained: LabStackedRun;
  readonly fromScratch: LabStackedRun;
}

export interface LabStackedRun {
  readonly lossPerEpoch: readonly number[];
  readonly testError: number;
  /** Without the pre-training. */
  readonly seconds: number;
}
