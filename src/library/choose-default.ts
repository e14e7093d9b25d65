// The label-free check that decides which method answers from now on.
import { runLabelFree } from '../compare/label-free.ts';
import { sample, seededRandom } from '../compare/random.ts';
import { chooseDefault, type Verdict } from '../compare/verdict.ts';
import type { Kind } from '../features/feature.ts';
import { copyKinds } from './copies.ts';
import { type DefaultMethod, PLAIN_METHOD, recordDefault } from './default-method.ts';
import { MethodSet } from './method-set.ts';
import { isHeldOut } from './training-data.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

/** Held-out items that copies are made of. */
const CHECKED_ITEMS: Readonly<Record<Kind, number>> = { text: 200, image: 60 };

export interface CheckOptions {
  readonly seed: number;
  readonly signal: AbortSignal;
  onProgress(progress: { done: number; total: number }): void;
}

/** Asks the auto-encoder and the plain methods for the originals of held-out copies, and records who answers from now on. */
export async function chooseAndRecordDefault(
  workspace: Workspace,
  kind: Kind,
  { seed, signal, onProgress }: CheckOptions,
): Promise<DefaultMethod> {
  const { catalog } = workspace;
  const methods = new MethodSet(workspace);
  const encoder = workspace.activeEncoder(kind)?.fingerprint;
  const heldOut: number[] = [];
  catalog.items.each(({ id, tie }) => {
    if (isHeldOut(tie)) heldOut.push(id);
  }, kind);
  const items = sample(heldOut, CHECKED_ITEMS[kind], seededRandom('check', seed)).map((id) => ({ id, heldOut: true }));
  const outcome = await runLabelFree({
    methods: await Promise.all([AUTO_ENCODER, ...methods.plain(kind)].map((name) => methods.get(name, kind))),
    items,
    kinds: copyKinds(workspace, kind).filter(({ seen }) => !seen),
    seed,
    signal,
    onProgress,
  });
  const verdict = withoutProof(chooseDefault(outcome), PLAIN_METHOD[kind]);
  const choice = {
    method: verdict.winner,
    sentence: verdict.sentence,
    verdict,
    ...(encoder === undefined ? {} : { encoder }),
  };
  recordDefault(catalog, kind, choice);
  return choice;
}

/** So few items that they cannot tell the encoder from the plain methods cannot tell these from one another either. */
function withoutProof(verdict: Verdict, plain: string): Verdict {
  if (verdict.reason !== 'too-few' || verdict.winner === plain) return verdict;
  return { ...verdict, winner: plain, sentence: verdict.sentence.replace(verdict.winner, plain) };
}
