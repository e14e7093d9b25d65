// Which IDX files of a folder belong together: images and labels, for training and for testing.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '../files/file-error.ts';
import { invalid } from './opening.ts';

export interface IdxPair {
  readonly images: string;
  readonly labels?: string | undefined;
}

export interface IdxPairs {
  readonly train: IdxPair;
  /** Absent when there is one file of images only. */
  readonly test?: IdxPair | undefined;
}

/** `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`, `digits.idx3-ubyte`, … */
const IDX_NAME = /^(?<stem>.*?)[-._]?idx(?<axes>[1-9])[-._](?:ubyte|byte|short|int|float|double)(?<packed>\.gz)?$/i;
const ROLE = /[-._]?(?:images|labels)$/i;
const TEST = /(?:^|[-._])(?:t10k|test)(?:$|[-._])/i;

/** True for what an IDX file is usually called. */
export function isIdxName(name: string): boolean {
  return IDX_NAME.test(name);
}

/**
 * The IDX files that lie in `folder` itself; undefined when there is none.
 *
 * @throws SandglassError DATA_SET_INVALID when it is not clear which belong together; FILE_VANISHED, FILE_UNREADABLE
 */
export async function findIdxPairs(folder: string): Promise<IdxPairs | undefined> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    throw fileError(thrown, folder, 'The folder');
  });
  const images = new Map<string, string>();
  const labels = new Map<string, string>();
  // In this order a plain file comes after its packed copy, and replaces it.
  for (const name of names.filter(isIdxName).sort().reverse()) {
    const { stem, axes } = IDX_NAME.exec(name)!.groups as { stem: string; axes: string };
    (axes === '1' ? labels : images).set(stem.replace(ROLE, '').toLowerCase(), name);
  }
  if (images.size === 0 && labels.size === 0) return undefined;

  const pairOf = (base: string): IdxPair => {
    const of = labels.get(base);
    return { images: join(folder, images.get(base)!), labels: of === undefined ? undefined : join(folder, of) };
  };
  const bases = [...images.keys()];
  const test = bases.filter((base) => TEST.test(base));
  const train = bases.filter((base) => !TEST.test(base));
  if (bases.length === 1) return { train: pairOf(bases[0]!) };
  if (train.length === 1 && test.length === 1) return { train: pairOf(train[0]!), test: pairOf(test[0]!) };
  const found =
    bases.length === 0 ? `labels only (${[...labels.values()].join(', ')})` : [...images.values()].join(', ');
  throw invalid(
    `Expected one IDX file of images, or one for training and one for testing (named train… and t10k… or test…), in ${folder} ` +
      `but received ${found}; put those that belong together into a folder of their own.`,
    folder,
  );
}
