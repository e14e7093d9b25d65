// Does a newly trained encoder take the place of the one that answers? Only when it finds held-out originals better.
import { runLabelFree } from '../compare/label-free.ts';
import { chooseDefault } from '../compare/verdict.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { codeMethod } from '../methods/codes.ts';
import type { Method } from '../methods/method.ts';
import { type CheckOptions, heldOutCopies } from './held-out-copies.ts';
import { isShipped } from './shipped.ts';
import { readCodeUnits } from './units.ts';
import type { Workspace } from './workspace.ts';

const [PRESENT, NEW] = ['the present encoder', 'the new one'];

export interface Adoption {
  readonly adopted: boolean;
  /** Why, for a person. */
  readonly sentence: string;
}

/**
 * Asks both encoders for the originals of held-out copies. The new one is taken when its mean reciprocal rank is higher; the
 * present one stays on a tie. With too few items to tell the two apart the new one is taken, which has learned from what is
 * there now; but not in the place of a shipped one, which has learned from far more.
 *
 * @param candidate an encoder that has given everything its code and does not answer yet
 * @param present the one that answers
 */
export async function adoption(
  workspace: Workspace,
  candidate: EncoderRecord,
  present: EncoderRecord,
  options: CheckOptions,
): Promise<Adoption> {
  const outcome = await runLabelFree({
    methods: [await methodOf(workspace, candidate, NEW), await methodOf(workspace, present, PRESENT)],
    ...heldOutCopies(workspace, candidate.kind, options.seed),
    ...options,
  });
  const {
    reason,
    heldOutItems,
    queries,
    encoderMrr = 0,
    plainMrr = 0,
  } = chooseDefault(outcome, {
    encoder: NEW,
    plain: [PRESENT],
  });
  if (reason === 'too-few' && isShipped(present)) {
    const sentence = `The encoder for ${candidate.kind} items that comes with Sandglass answers: ${heldOutItems} held-out items are too few to compare the new one with it.`;
    return { adopted: false, sentence };
  }
  if (reason === 'too-few') {
    const sentence = `The new encoder for ${candidate.kind} items takes the place of the present one; ${heldOutItems} held-out items are too few to compare the two.`;
    return { adopted: true, sentence };
  }
  const adopted = encoderMrr > plainMrr;
  const figures = `${encoderMrr.toFixed(3)} against ${plainMrr.toFixed(3)}, ${queries} copies of ${heldOutItems} held-out items`;
  const sentence = adopted
    ? `The new encoder for ${candidate.kind} items takes the place of the present one: it finds originals better (mean reciprocal rank ${figures}).`
    : `The present encoder for ${candidate.kind} items stays: the new one does not find originals better (mean reciprocal rank ${figures}).`;
  return { adopted, sentence };
}

async function methodOf(workspace: Workspace, record: EncoderRecord, name: string): Promise<Method> {
  const { items, codes } = readCodeUnits(workspace.catalog, record.id, false);
  return codeMethod({ name, encoder: await workspace.encoder(record), items, codes: codes as Float32Array });
}
