// The label-free check that decides which method answers from now on.
import { runLabelFree } from '../compare/label-free.ts';
import { chooseDefault, type Verdict } from '../compare/verdict.ts';
import type { Kind } from '../features/feature.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { type DefaultMethod, PLAIN_METHOD, recordDefault } from './default-method.ts';
import { lacksCodes } from './fill-codes.ts';
import { type CheckOptions, heldOutCopies } from './held-out-copies.ts';
import { lackingLast } from './lacking-last.ts';
import { MethodSet } from './method-set.ts';
import { isShipped } from './shipped.ts';
import { LINEAR_ENCODERS, type Workspace } from './workspace.ts';

/**
 * Asks the encoders and the plain methods for the originals of held-out copies, and records who answers from now on. One
 * encoder after the other has to beat the best plain method, or the encoder that did so before it.
 */
export async function chooseAndRecordDefault(
  workspace: Workspace,
  kind: Kind,
  options: CheckOptions,
): Promise<DefaultMethod> {
  const { catalog } = workspace;
  const methods = new MethodSet(workspace);
  const learned = workspace.activeEncoder(kind);
  const imported = workspace
    .importedEncoders(kind)
    // Those of pictures answer without what they have no code of.
    .filter(({ id, state }) => state === 'active' && (kind === 'image' || catalog.codes.missing(id, 1).length === 0));
  const encoders = [...(learned ? [learned] : []), ...imported].map(({ method }) => method);
  // Linear encoders are among what the others have to beat: they are as easily had as words.
  const linear = workspace
    .activeEncoders(kind)
    .filter(({ id, method }) => LINEAR_ENCODERS.includes(method) && !lacksCodes(catalog, id));
  const plain = [...methods.plain(kind), ...linear.map(({ method }) => method)];
  const outcome = await runLabelFree({
    methods: await Promise.all(
      [...encoders, ...plain].map(async (name) => lackingLast(catalog, await methods.get(name, kind))),
    ),
    ...heldOutCopies(workspace, kind, options.seed, { everyItem: learned !== undefined && isShipped(learned) }),
    ...options,
  });
  const verdicts: Record<string, Verdict> = {};
  let verdict: Verdict | undefined;
  for (const encoder of encoders) {
    const opponents = verdict === undefined || verdict.reason !== 'encoder-wins' ? plain : [verdict.winner];
    const checked = chooseDefault(outcome, { encoder, plain: opponents });
    const next =
      encoder === learned?.method && isShipped(learned)
        ? withProofElsewhere(checked, learned)
        : withoutProof(checked, PLAIN_METHOD[kind]);
    verdicts[encoder] = next;
    if (verdict === undefined || next.winner === encoder) verdict = next;
  }
  if (verdict === undefined) throw new RangeError('Expected an encoder to check but there is none');
  const choice: DefaultMethod = {
    method: verdict.winner,
    sentence: verdict.sentence,
    verdict,
    verdicts,
    ...(learned ? { encoder: learned.fingerprint } : {}),
    ...(imported.length > 0 ? { imported: imported.map(({ fingerprint }) => fingerprint) } : {}),
  };
  recordDefault(catalog, kind, choice);
  return choice;
}

/** Of an encoder that was shown to be better on other pictures, so few need not show it again. */
function withProofElsewhere(verdict: Verdict, { method, kind, info }: EncoderRecord): Verdict {
  if (verdict.reason !== 'too-few') return verdict;
  const { heldOutItems } = verdict;
  const items = heldOutItems === 1 ? '1 picture is' : `${heldOutItems} pictures are`;
  return {
    ...verdict,
    winner: method,
    loser: PLAIN_METHOD[kind],
    sentence: `${method} answers by default: its encoder, ${info.shipped}, comes with Sandglass and finds copies of photos better than ${PLAIN_METHOD[kind]} (models/${info.shipped}); ${items} too few to show it here.`,
  };
}

/** So few items that they cannot tell the encoder from the plain methods cannot tell these from one another either. */
function withoutProof(verdict: Verdict, plain: string): Verdict {
  if (verdict.reason !== 'too-few' || verdict.winner === plain) return verdict;
  return { ...verdict, winner: plain, sentence: verdict.sentence.replace(verdict.winner, plain) };
}
