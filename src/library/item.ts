// One indexed file: what the catalog knows of it, its text, a small picture of it. Nothing else of the disk can be asked for.
import { realpathSync } from 'node:fs';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { fileError } from '../files/file-error.ts';
import { readWholeFile } from '../files/read-file.ts';
import { present } from '../present.ts';
import { type DocumentFacts, documentFacts } from './document-facts.ts';
import { absolutePath, type IndexedFile, isWithin, itemAt, itemPath } from './folders.ts';
import type { Workspace } from './workspace.ts';

/** An indexed folder, or an indexed file that was named by itself. */
export interface IndexedFolder {
  /** Absolute. */
  readonly path: string;
  readonly state: 'online' | 'offline';
}

/** What the index knows of one file. */
export interface ItemDescription extends DocumentFacts {
  /** Absolute. */
  readonly path: string;
  readonly kind: Kind;
  /** `markdown`, `jpeg`, … */
  readonly format: string;
  /** Bytes. */
  readonly size: number;
  /** When the file was changed last, as it was indexed; ISO 8601. */
  readonly modified: string;
  /** When this content was indexed; ISO 8601. */
  readonly indexed: string;
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly hash: string;
  /** UTF-16 code units of a document's text. */
  readonly characters?: number;
  /** Pixels, of a picture. */
  readonly width?: number;
  readonly height?: number;
  /** How many frames, pages or pictures the file of a picture has. */
  readonly frames?: number;
  /** The file of the picture is damaged: only a part of it could be read. */
  readonly partial?: true;
}

export function listFolders({ catalog }: Workspace): IndexedFolder[] {
  return catalog.roots.list().map(({ path, state }) => ({ path, state }));
}

/** @throws SandglassError FILE_VANISHED when nothing is indexed at that path */
export function describeItem(workspace: Workspace, path: string): ItemDescription {
  const { item, root } = indexedAt(workspace, path);
  const { kind, format, size, mtimeMs, indexedAt: at, hash, width, height, frames, partial } = item;
  const { characters } = workspace.catalog.documents.get(item.id) ?? {};
  return {
    path: absolutePath(root, item.path),
    kind,
    format,
    size,
    modified: new Date(mtimeMs).toISOString(),
    indexed: new Date(at).toISOString(),
    hash,
    ...documentFacts(workspace.catalog, item),
    ...present({ characters, width, height, frames, partial }),
  };
}

/**
 * The text of an indexed document; undefined for a picture, and for a document that an early version indexed.
 *
 * @throws SandglassError FILE_VANISHED when nothing is indexed at that path
 */
export function itemText(workspace: Workspace, path: string): string | undefined {
  const { item } = indexedAt(workspace, path);
  return item.kind === 'text' ? workspace.catalog.documents.text(item.id) : undefined;
}

/**
 * A JPEG of an indexed picture, read anew from its file.
 *
 * @param side pixels of its longer side at most; 160 when not said
 * @throws SandglassError FILE_VANISHED when nothing is indexed at that path; KIND_UNSUPPORTED for a document; OUTSIDE_ROOT where
 *   the path leads out of the indexed folder by now; and why the file cannot be read
 */
export async function itemPreview(workspace: Workspace, path: string, side?: number): Promise<Uint8Array> {
  const { item, root } = indexedAt(workspace, path);
  const file = absolutePath(root, item.path);
  if (item.kind !== 'image')
    throw new SandglassError('KIND_UNSUPPORTED', `Expected a picture but ${item.path} is a document.`, { path: file });
  try {
    // A link may stand in the place of the file, or of a folder on the way to it, since it was indexed.
    if (!isWithin(realpathSync(root.path), realpathSync(file)))
      throw new SandglassError('OUTSIDE_ROOT', `${item.path} leads out of its folder now.`, { path: file });
  } catch (error) {
    throw error instanceof SandglassError ? error : fileError(error, file);
  }
  // Loaded here: sharp is needed by nothing else that is asked of an index.
  const { previewOf } = await import('../image/preview.ts');
  return previewOf(readWholeFile(file).bytes, side);
}

/**
 * The number of an indexed file, which stays while the file is indexed.
 *
 * @throws SandglassError FILE_VANISHED when nothing is indexed at that path
 */
export function itemId(workspace: Workspace, path: string): number {
  return indexedAt(workspace, path).item.id;
}

/**
 * Where the indexed file of a number lies.
 *
 * @throws SandglassError FILE_VANISHED when there is none of that number
 */
export function pathOfItem({ catalog }: Workspace, id: number): string {
  const item = catalog.items.get(id);
  if (item === undefined)
    throw new SandglassError('FILE_VANISHED', `Expected an indexed file but none has the number ${id}.`);
  return itemPath(catalog, item);
}

function indexedAt({ catalog }: Workspace, path: string): IndexedFile {
  const found = itemAt(catalog, catalog.roots.list(), path);
  if (found === undefined)
    throw new SandglassError('FILE_VANISHED', `Expected an indexed file but nothing is indexed at ${path}.`, { path });
  return found;
}
