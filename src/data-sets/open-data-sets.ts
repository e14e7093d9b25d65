// Here is a folder and the input of a network: rows to train on and rows to test with.
import { stat } from 'node:fs/promises';
import { fileError } from '../files/file-error.ts';
import { pictureLayout } from '../image/fit-picture.ts';
import type { DataSetOptions, DataSets } from './data-set.ts';
import { type FoundItems, findItems } from './find-items.ts';
import { findIdxPairs } from './idx-names.ts';
import { openIdx } from './open-idx.ts';
import { beginOpening, counted, invalid, type Opening, throwIfStopped } from './opening.ts';

/**
 * Opens a folder of IDX files, of pictures or of documents. IDX files come first; of pictures and documents the larger kind
 * is taken, unless `shape` says that pictures are wanted. Rows are pixels or word counts, 0 … 255.
 *
 * Files that cannot be read are in `failures`, oddities in `notices`; nothing is written but rows that do not fit into
 * `mostBytes`, into `scratch`.
 *
 * @throws SandglassError DATA_SET_INVALID for data that are damaged, do not fit the shape, or hold nothing to train on;
 * FILE_VANISHED, FILE_UNREADABLE for the folder; DISK_FULL, OUTPUT_UNWRITABLE for `scratch`; ABORTED by `signal`
 * @throws RangeError for options out of range
 */
export async function openDataSets(folder: string, options: DataSetOptions): Promise<DataSets> {
  const opening = beginOpening(folder, options);
  throwIfStopped(opening.signal);
  await expectFolder(opening.folder);
  const pairs = await findIdxPairs(opening.folder);
  if (pairs !== undefined) return await openIdx(pairs, opening);

  const found = await findItems(opening);
  const layout = pictureLayout(opening.shape);
  if (takesPictures(found, opening) && layout !== undefined) {
    const { openPictures } = await import('./open-pictures.ts');
    return await openPictures(found.pictures, layout, opening);
  }
  const { openDocuments } = await import('./open-documents.ts');
  return await openDocuments(found.documents, opening);
}

/** Decides between the kinds, and notes the decision where there was a choice. */
function takesPictures({ pictures, documents }: FoundItems, { folder, shape, notices }: Opening): boolean {
  const wanted = `[${shape.join(', ')}]`;
  const pixels = pictureLayout(shape) !== undefined;
  const counts = shape.length === 1;
  if (!pixels && !counts) {
    throw invalid(
      `Expected the network's input to be [inputs], [1, height, width] or [3, height, width] for a folder of files but it is ${wanted}.`,
      folder,
    );
  }
  const found = `${counted(pictures.length, 'picture')} and ${counted(documents.length, 'document')}`;
  if (!pixels && documents.length === 0) {
    throw invalid(
      `Expected the network's input to be [3, height, width], [1, height, width] or a square number for pictures but it is ${wanted}.`,
      folder,
    );
  }
  if (!counts && pictures.length === 0) {
    throw invalid(`Expected pictures in ${folder}, for the network's input is ${wanted}, but found ${found}.`, folder);
  }
  const takes = pixels && (!counts || pictures.length > documents.length);
  if (pictures.length > 0 && documents.length > 0) {
    const why = pixels && counts ? 'the larger kind' : `the kind that the network's input ${wanted} is for`;
    notices.push(`The folder holds ${found}; the ${takes ? 'pictures' : 'documents'} are taken, ${why}.`);
  }
  return takes;
}

async function expectFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch((thrown: unknown) => {
    throw fileError(thrown, folder, 'The folder');
  });
  if (!found.isDirectory()) throw invalid(`Expected a folder but ${folder} is none.`, folder);
}
