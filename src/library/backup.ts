// A copy of an index of one moment, made while others read and write it.
import { existsSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { SandglassError, throwIfAborted } from '../errors.ts';
import { Catalog } from '../index/catalog.ts';
import { readEncoder, storeEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { indexSize } from '../index/index-size.ts';
import { createIndexDirectory, type IndexLayout } from '../index/layout.ts';
import { isLearned } from './verify.ts';
import { makeWholeFolder } from './whole-folder.ts';

export interface BackupOptions {
  readonly signal?: AbortSignal;
  /** Gets the share of the catalog that is copied, 0 … 1. */
  onProgress?(share: number): void;
}

export interface BackupSummary {
  readonly schema: 1;
  /** Where the copy is; itself an index. */
  readonly directory: string;
  readonly items: number;
  readonly encoders: number;
  readonly bytes: number;
  /** What is not in the copy because it is damaged in the index. */
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** An encoder may be overtaken while it is copied; then the copy is made of a later moment. */
const MOST_ATTEMPTS = 10;

/**
 * Copies an index to `destination`, which appears when it is whole: catalog, encoders, settings, journals of applied plans. Graphs
 * are not copied, the next indexing builds them.
 *
 * @throws SandglassError OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, INDEX_DAMAGED, ABORTED
 */
export async function backUp(
  layout: IndexLayout,
  destination: string,
  { signal, onProgress = () => {} }: BackupOptions = {},
): Promise<BackupSummary> {
  const began = performance.now();
  const { items, encoders, notes, bytes } = await makeWholeFolder(destination, async (folder) => {
    const copy = createIndexDirectory(folder);
    for (let attempt = 1; ; attempt++) {
      const onShare = (share: number) => {
        throwIfAborted(signal, 'Stopped while copying the index; nothing was left of the copy.');
        onProgress(share);
      };
      const { records, items } = await copyCatalog(layout, copy, onShare);
      const copied = await copyEncoders(layout, copy, records, attempt < MOST_ATTEMPTS);
      if (copied === 'overtaken') continue;
      if (existsSync(layout.config)) await copyFile(layout.config, copy.config);
      if (existsSync(layout.runs)) await cp(layout.runs, copy.runs, { recursive: true });
      const { catalog, encoders } = await indexSize(copy);
      return { items, ...copied, bytes: catalog + encoders };
    }
  });
  const seconds = (performance.now() - began) / 1000;
  return { schema: 1, directory: resolve(destination), items, encoders, bytes, notes, seconds };
}

async function copyCatalog(
  layout: IndexLayout,
  copy: IndexLayout,
  onProgress: (share: number) => void,
): Promise<{ records: EncoderRecord[]; items: number }> {
  {
    // Held still, or every commit of a writer would begin the copy anew.
    using source = Catalog.open(layout, { snapshot: true });
    await source.copyTo(copy.catalog, onProgress);
  }
  using catalog = Catalog.open(copy);
  // The copy stands elsewhere: folders that are named by their place beside the index are named in full.
  catalog.roots.makeAbsolute(dirname(layout.directory));
  // Both go on from the same revisions to other codes: what is derived from one must never fit the other.
  catalog.renewIdentity();
  const { text, image } = catalog.items.counts();
  const records = catalog.encoders.list().filter((record) => isLearned(record) && record.state !== 'retired');
  return { records, items: text + image };
}

async function copyEncoders(
  layout: IndexLayout,
  copy: IndexLayout,
  records: readonly EncoderRecord[],
  mayTryAgain: boolean,
): Promise<{ encoders: number; notes: string[] } | 'overtaken'> {
  const notes: string[] = [];
  let encoders = 0;
  for (const { fingerprint, method } of records) {
    try {
      const { files } = await readEncoder(layout, fingerprint);
      await storeEncoder(copy, files);
      encoders++;
    } catch (error) {
      if (!(error instanceof SandglassError && error.code.startsWith('ENCODER_'))) throw error;
      if (mayTryAgain && !isNamed(layout, fingerprint)) return 'overtaken';
      notes.push(`${method} is not in the copy: ${error.message}`);
    }
  }
  return { encoders, notes };
}

/** Whether the catalog names an encoder now. */
function isNamed(layout: IndexLayout, fingerprint: string): boolean {
  using catalog = Catalog.open(layout, { readOnly: true });
  const record = catalog.encoders.find(fingerprint);
  return record !== undefined && record.state !== 'retired';
}
