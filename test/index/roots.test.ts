import { mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Catalog } from '../../src/index/catalog.ts';
import { indexLayout } from '../../src/index/layout.ts';
import { cleanUp, opened, temporaryFolder, temporaryIndex, textItem } from './temporary-index.ts';

afterEach(cleanUp);

describe('The root of an index', () => {
  it('of which is remembered what is no JSON says so, as a setting does', () => {
    const catalog = opened(temporaryIndex());
    catalog.roots.put('/photos', { device: '1', inode: '2' });
    catalog.settings.set('some', 1);
    catalog.database.prepare("UPDATE root SET identity = '{'").run();
    catalog.database.prepare("UPDATE setting SET value = '{'").run();
    const damaged = (what: RegExp) =>
      expect.objectContaining({ code: 'INDEX_DAMAGED', message: expect.stringMatching(what) });
    expect(() => catalog.roots.list()).toThrow(damaged(/remembered of \/photos is no JSON/));
    expect(() => catalog.settings.get('some')).toThrow(damaged(/the setting some is no JSON/));
  });

  it('is one, however often and however it is named', () => {
    const layout = temporaryIndex();
    const catalog = opened(layout);
    const folder = dirname(layout.directory);
    const first = catalog.roots.put(folder);
    const again = catalog.roots.put(join(folder, 'sub', '..'), { device: '1', inode: '2' });
    expect(again).toEqual({ id: first.id, path: folder, identity: { device: '1', inode: '2' }, state: 'online' });
    expect(catalog.roots.put(folder).identity).toEqual({ device: '1', inode: '2' });
    expect(catalog.roots.list()).toHaveLength(1);
  });

  it('can be offline with its items kept, and is online when it is put again', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/photos');
    catalog.items.put([textItem(root.id, 'a')]);
    catalog.roots.setState(root.id, 'offline');
    expect(catalog.roots.list()[0]?.state).toBe('offline');
    expect(catalog.items.counts().text).toBe(1);
    expect(catalog.roots.put('/photos').state).toBe('online');
  });

  it('moves with the index when it lies beside or below it, and stays when it does not', () => {
    const drive = temporaryFolder();
    mkdirSync(join(drive, 'before', '.sandglass'), { recursive: true });
    const catalog = Catalog.open(indexLayout(join(drive, 'before', '.sandglass')));
    catalog.roots.put(join(drive, 'before'));
    catalog.roots.put(join(drive, 'before', 'deep', 'er'));
    catalog.roots.put(join(drive, 'before-not'));
    catalog.close();
    renameSync(join(drive, 'before'), join(drive, 'after'));
    const moved = opened(indexLayout(join(drive, 'after', '.sandglass')), true);
    expect(moved.roots.list().map((root) => root.path)).toEqual([
      join(drive, 'after'),
      join(drive, 'after', 'deep', 'er'),
      join(drive, 'before-not'),
    ]);
  });

  it('is removed with its items and failures', () => {
    const catalog = opened(temporaryIndex());
    const root = catalog.roots.put('/photos');
    catalog.items.put([textItem(root.id, 'a')]);
    catalog.failures.put([{ rootId: root.id, path: 'b', size: 0, mtimeMs: 0, code: 'FILE_EMPTY', message: '', at: 0 }]);
    catalog.roots.remove(root.id);
    expect(catalog.items.counts().text).toBe(0);
    expect(catalog.failures.list()).toEqual([]);
  });
});
