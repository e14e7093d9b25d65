// Names of what a training writes into its folder: nothing else there is ever removed.
import { UNFINISHED } from '../atomic-file.ts';

export const RUN_FILES = {
  recipe: 'recipe.json',
  log: 'run.jsonl',
  manifest: 'manifest.json',
  encoder: 'encoder.onnx',
  decoder: 'decoder.onnx',
  vocabulary: 'vocabulary.txt',
  firstLayer: 'first-layer.png',
  samples: 'samples.png',
  /** A folder. */
  sheets: 'sheets',
  /** A folder of rows that do not fit into memory, while training is at work. */
  scratch: 'rows',
} as const;

/** The sheet of an epoch (from 1), relative to the training's folder. */
export function sheetOfEpoch(epoch: number): string {
  return `${RUN_FILES.sheets}/epoch-${String(epoch).padStart(4, '0')}.png`;
}

const PLAIN: ReadonlySet<string> = new Set(
  Object.values(RUN_FILES).filter((name) => name !== RUN_FILES.sheets && name !== RUN_FILES.scratch),
);
const CHECKPOINT = /^checkpoint(-\d+)?\.safetensors$/;
const SHEET = /^epoch-\d{4,}\.png$/;
const ROWS = /^sandglass-\d+-[0-9a-f]+\.rows$/;
/** What a process that was killed may leave of a file it was writing. */
const HALF = new RegExp(`(\\.\\d+-[0-9a-f]{8})?\\${UNFINISHED}$`);

/** True for a file in the training's folder that a training made. */
export function isRunFile(name: string): boolean {
  return PLAIN.has(name) || CHECKPOINT.test(name);
}

/** True for a file in `sheets/` that a training made. */
export function isSheet(name: string): boolean {
  return SHEET.test(name);
}

/** True for a file in `rows/` that a training made. */
export function isRowFile(name: string): boolean {
  return ROWS.test(name);
}

/** The name that a half-written file was to get, or undefined for a name of another kind. */
export function nameOfHalf(name: string): string | undefined {
  return HALF.test(name) ? name.replace(HALF, '') : undefined;
}
