import { statSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { createIndexDirectory } from '../../src/index/layout.ts';
import { ingest } from '../../src/library/ingest.ts';
import { plainEncoders } from '../../src/library/plain-codes.ts';
import { Workspace } from '../../src/library/workspace.ts';
import { distinctWords } from '../features/samples.ts';
import { cleanUp, documentText, temporaryFolder, write } from './collection.ts';

afterEach(cleanUp);

/** Takes longer than it may here. */
const HEAVY = distinctWords(2_000_000);

/** Reads small documents, one that takes longer than it may, and small ones again; what was told, in order. */
async function told(before: number, after: number): Promise<string[]> {
  const folder = temporaryFolder();
  const layout = createIndexDirectory(temporaryFolder());
  const workspace = new Workspace(layout, Catalog.open(layout), 'cpu');
  try {
    const root = workspace.catalog.roots.put(folder);
    const names = Array.from({ length: before + 1 + after }, (_, i) => `${String(i).padStart(2, '0')}.txt`);
    const files = names.map((path, i) => {
      const absolute = write(folder, path, i === before ? HEAVY : documentText('sea', i));
      const { size, mtimeMs, ctimeMs } = statSync(absolute);
      return { type: 'file' as const, path, absolute, size, mtimeMs, ctimeMs, root, known: undefined };
    });
    const events: string[] = [];
    const counts = await ingest(workspace, files, [], plainEncoders(workspace.catalog), {
      signal: new AbortController().signal,
      threads: 1,
      timeoutSeconds: 5,
      onFile: () => events.push('read'),
      onStored: (count) => events.push(`stored ${count}`),
    });
    expect(counts.added + counts.failed).toBe(files.length);
    expect(workspace.catalog.items.counts().text).toBe(counts.added);
    return events;
  } finally {
    await workspace.close();
  }
}

describe('What was read before a file that takes long', () => {
  it.each([
    ['few files, one after the other', 3, 2],
    ['many, in batches', 20, 8],
  ])(
    'is stored while that is still being read: of %s',
    async (_, before, after) => {
      const events = await told(before, after);
      const stored = events.indexOf(`stored ${before}`);
      expect(events.slice(0, stored)).toEqual(Array(before).fill('read'));
      expect(stored).toBe(before);
    },
    60_000,
  );
});
