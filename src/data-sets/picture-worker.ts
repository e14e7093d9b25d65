// Runs in the threads of read-pictures.ts: reads a batch of pictures.
import type { PictureLayout } from '../image/fit-picture.ts';
import { type PictureRow, readPictureRow } from './picture-row.ts';

export interface PictureTask {
  readonly paths: readonly string[];
  readonly layout: PictureLayout;
}

export default async function readBatch({ paths, layout }: PictureTask): Promise<PictureRow[]> {
  const rows: PictureRow[] = [];
  for (const path of paths) rows.push(await readPictureRow(path, layout));
  return rows;
}
