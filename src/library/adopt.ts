// Does a newly trained encoder take the place of the one that answers? Only when it finds held-out originals better.
import { runLabelFree } from '../compare/label-free.ts';
import { type Compared, compareForSuccession } from '../compare/succession.ts';
import { signed } from '../compare/verdict.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { codeMethod } from '../methods/codes.ts';
import type { Method } from '../methods/method.ts';
import { floatCodes } from '../methods/searched-codes.ts';
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
 * Asks both encoders for the originals of held-out copies. The new one is taken when it is shown to find them better, see
 * {@link compareForSuccession}; the present one stays otherwise. With too few items to tell the two apart the new one is taken,
 * which has learned from what is there now; but not in the place of a shipped one, which has learned from far more.
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
  const { kind } = candidate;
  const outcome = await runLabelFree({
    methods: [await methodOf(workspace, candidate, NEW), await methodOf(workspace, present, PRESENT)],
    ...heldOutCopies(workspace, kind, options.seed, { practised: true }),
    ...options,
  });
  const compared = compareForSuccession(outcome, NEW, PRESENT);
  const { reason, heldOutItems, queries } = compared;
  if (reason === 'too-few') {
    return isShipped(present)
      ? {
          adopted: false,
          sentence: `The encoder for ${kind} items that comes with Sandglass answers: ${heldOutItems} held-out items are too few to compare the new one with it.`,
        }
      : {
          adopted: true,
          sentence: `The new encoder for ${kind} items takes the place of the present one; ${heldOutItems} held-out items are too few to compare the two.`,
        };
  }
  const figures =
    `copies told from strangers ${against(compared.found)}; mean reciprocal rank ${against(compared.reciprocalRank)}; ` +
    `${queries} copies of ${heldOutItems} held-out items`;
  const adopted = reason === 'better';
  const sentence = adopted
    ? `The new encoder for ${kind} items takes the place of the present one: it finds originals better (${figures}).`
    : `The present encoder for ${kind} items stays: the new one is not shown to find originals better (${figures}).`;
  return { adopted, sentence };
}

function against({ candidate, present, difference: { low, high } }: Compared): string {
  return `${candidate.toFixed(3)} against ${present.toFixed(3)}, 95 % interval of the difference ${signed(low)} to ${signed(high)}`;
}

async function methodOf(workspace: Workspace, record: EncoderRecord, name: string): Promise<Method> {
  const { items, codes } = readCodeUnits(workspace.catalog, record.id, false);
  return codeMethod({
    name,
    encoder: await workspace.encoder(record),
    codes: floatCodes(codes as Float32Array, items, record.dimensions),
  });
}
