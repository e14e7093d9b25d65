// What encoders are checked with: copies of items that none has learned from.
import type { CopyKind, KnownItem } from '../compare/label-free.ts';
import { sample, seededRandom } from '../compare/random.ts';
import type { Kind } from '../features/feature.ts';
import { copyKinds } from './copies.ts';
import { isHeldOut } from './training-data.ts';
import type { Workspace } from './workspace.ts';

/** Items that copies are made of. */
const CHECKED_ITEMS: Readonly<Record<Kind, number>> = { text: 200, image: 60 };

export interface CheckOptions {
  readonly seed: number;
  readonly signal: AbortSignal;
  onProgress(progress: { done: number; total: number }): void;
}

export interface WhatIsAsked {
  /** Nothing was learned from any item here, so that all may be asked for. @default false */
  readonly everyItem?: boolean;
  /** Kinds of copies too that encoders have practised: for encoders among themselves. @default false */
  readonly practised?: boolean;
}

/** The items and the kinds of copies of a check; the same ones for the same items and seed. */
export function heldOutCopies(
  workspace: Workspace,
  kind: Kind,
  seed: number,
  { everyItem = false, practised = false }: WhatIsAsked = {},
): { readonly items: KnownItem[]; readonly kinds: CopyKind[] } {
  const heldOut: number[] = [];
  workspace.catalog.items.each(({ id, tie }) => {
    if (everyItem || isHeldOut(tie)) heldOut.push(id);
  }, kind);
  return {
    items: sample(heldOut, CHECKED_ITEMS[kind], seededRandom('check', seed)).map((id) => ({ id, heldOut: true })),
    kinds: copyKinds(workspace, kind).filter(({ seen }) => practised || !seen),
  };
}
