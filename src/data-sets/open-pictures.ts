// A data set of a folder of pictures: each one fitted to the network's input.
import type { WalkedFile } from '../files/walk.ts';
import type { PictureLayout } from '../image/fit-picture.ts';
import type { DataSets } from './data-set.ts';
import { planFiles } from './file-parts.ts';
import { counted, invalid, type Opening } from './opening.ts';
import { writeParts } from './parts.ts';
import { readPictures } from './read-pictures.ts';
import { openSinks } from './row-sink.ts';

const PROGRESS_FILES = 32;

/** @throws SandglassError DATA_SET_INVALID when no picture can be read, ABORTED, DISK_FULL, OUTPUT_UNWRITABLE */
export async function openPictures(
  pictures: readonly WalkedFile[],
  layout: PictureLayout,
  opening: Opening,
): Promise<DataSets> {
  const { failures, notices, onProgress, signal } = opening;
  const { files, labelNames, capacities } = planFiles(pictures, opening);
  const sinks = await openSinks(capacities, opening);
  const settings = { kind: 'pictures', noun: 'picture', labelNames, named: true } as const;
  return await writeParts(opening, sinks, settings, async (parts) => {
    let done = 0;
    let partial = 0;
    for await (const { file, result: read } of readPictures(files, layout, signal)) {
      if ('error' in read) failures.push({ path: file.path, code: read.error.code, message: read.error.message });
      else {
        if (read.partial) partial++;
        const waiting = (file.isTest ? parts.test : parts.train).append(read.row, file.path, file.label);
        if (waiting !== undefined) await waiting;
      }
      if (++done % PROGRESS_FILES === 0 || done === files.length) {
        onProgress({ stage: 'reading', done, total: files.length });
      }
    }
    if (partial > 0) notices.push(`Of ${counted(partial, 'damaged picture')} only a part could be read; that is used.`);
    if (parts.train.rows === 0) {
      throw invalid(
        `Expected pictures to train on in ${opening.folder} but none of ${files.length} could be used; ` +
          `${failures[0]?.path ?? 'all'}: ${failures[0]?.message ?? 'for testing'}`,
        opening.folder,
      );
    }
  });
}
