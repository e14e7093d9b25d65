// Do new documents still speak the language that the encoder learned? Shares of unknown words, and what the decoder loses.
import type { Encoder } from '../encoders/encoder.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { storedBags } from './stored-bags.ts';
import { isHeldOut } from './training-data.ts';

/** Means over a sample of documents. */
export interface DriftFigures {
  /** Documents in the sample. */
  readonly documents: number;
  /** Share of their words, repeated ones counted again, that the encoder does not know; 0…1. */
  readonly unknownWords: number;
  /** Nats that the decoder takes to tell one of their known words from their code: the cross entropy that training lowers. */
  readonly loss: number;
}

export interface Drift {
  /** Documents the encoder was trained on. */
  readonly trained: DriftFigures;
  /** Documents that were there when it was trained, and held out: what new ones of the same sort would look like. */
  readonly heldOut: DriftFigures;
  /** Documents that came after. */
  readonly added: DriftFigures;
  /** Why training again is advised; absent when it is not. */
  readonly advice?: string;
}

/** Documents of each sort that are looked at, chosen by their content: about a second for all of them. */
const SAMPLE = 100;
/** Fewer tell nothing. */
const FEWEST = 5;
const BATCH = 32;
/** Standard errors by which new documents must differ, and how far at least: a share of the loss, and a share of words. */
const STANDARD_ERRORS = 3;
const LEAST_LOSS = 0.05;
const LEAST_UNKNOWN = 0.05;

interface Measured {
  readonly unknown: readonly number[];
  readonly loss: readonly number[];
}

/** True when so many documents came after an encoder was trained that they can be told from the others. */
export function hasDocumentsSince(catalog: Catalog, { createdAt }: EncoderRecord): boolean {
  return sampleIds(catalog, createdAt).added.length >= FEWEST;
}

/** How documents that came after an auto-encoder was trained differ from those it learned from. */
export async function textDrift(catalog: Catalog, { createdAt }: EncoderRecord, encoder: Encoder): Promise<Drift> {
  const ids = sampleIds(catalog, createdAt);
  const bags = storedBags(catalog);
  const measured = async (some: readonly number[]) =>
    measure(
      encoder,
      some.map(bags.get).filter((bag) => bag !== undefined),
    );
  const [trained, heldOut, added] = [
    await measured(ids.trained),
    await measured(ids.heldOut),
    await measured(ids.added),
  ];
  const advice = adviceOn(heldOut.loss.length < FEWEST ? trained : heldOut, added);
  return {
    trained: figures(trained),
    heldOut: figures(heldOut),
    added: figures(added),
    ...(advice === undefined ? {} : { advice }),
  };
}

function sampleIds(catalog: Catalog, trainedAt: number): Record<'trained' | 'heldOut' | 'added', number[]> {
  const sorts = {
    trained: new Map<number, number>(),
    heldOut: new Map<number, number>(),
    added: new Map<number, number>(),
  };
  catalog.items.each(({ id, tie, indexedAt }) => {
    const sort = indexedAt > trainedAt ? 'added' : isHeldOut(tie) ? 'heldOut' : 'trained';
    sorts[sort].set(id, tie);
  }, 'text');
  const chosen = (sort: ReadonlyMap<number, number>) =>
    [...sort]
      .sort(([, a], [, b]) => a - b)
      .slice(0, SAMPLE)
      .map(([id]) => id);
  return { trained: chosen(sorts.trained), heldOut: chosen(sorts.heldOut), added: chosen(sorts.added) };
}

async function measure(encoder: Encoder, features: readonly TextFeature[]): Promise<Measured> {
  const { vocabulary } = encoder;
  if (vocabulary === undefined) throw new TypeError('Expected an encoder of words');
  const unknown = features.map((feature) => 1 - vocabulary.knownShare(feature));
  const known = features.filter((feature) => !encoder.knowsNothingOf(feature));
  const loss: number[] = [];
  for (let from = 0; from < known.length; from += BATCH) {
    const batch = known.slice(from, from + BATCH);
    const remembered = await encoder.reconstruct(batch);
    batch.forEach((feature, row) => {
      const { indices, counts } = vocabulary.toCounts(feature);
      let [sum, words] = [0, 0];
      for (let i = 0; i < indices.length; i++) {
        sum -= counts[i]! * remembered[row * vocabulary.size + indices[i]!]!;
        words += counts[i]!;
      }
      loss.push(sum / words);
    });
  }
  return { unknown, loss };
}

function adviceOn(former: Measured, added: Measured): string | undefined {
  const [unknownBefore, unknownNow] = [mean(former.unknown), mean(added.unknown)];
  if (unknownNow - unknownBefore > LEAST_UNKNOWN && isBeyondChance(former.unknown, added.unknown)) {
    return `${percent(unknownNow)} of the words of new documents are unknown to the encoder (${percent(unknownBefore)} when it was trained): train it again with sandglass index --train always`;
  }
  const [lossBefore, lossNow] = [mean(former.loss), mean(added.loss)];
  if (lossNow - lossBefore > LEAST_LOSS * lossBefore && isBeyondChance(former.loss, added.loss)) {
    return `the encoder loses more of new documents (${lossNow.toFixed(2)} nats a word, ${lossBefore.toFixed(2)} when it was trained): train it again with sandglass index --train always`;
  }
  return undefined;
}

function figures({ unknown, loss }: Measured): DriftFigures {
  return { documents: unknown.length, unknownWords: mean(unknown), loss: mean(loss) };
}

function isBeyondChance(before: readonly number[], now: readonly number[]): boolean {
  const error = Math.sqrt(variance(before) / before.length + variance(now) / now.length);
  return mean(now) - mean(before) > STANDARD_ERRORS * error;
}

/** 0 for no values. */
function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
