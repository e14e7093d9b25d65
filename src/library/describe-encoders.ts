// The encoders of an index as a list for people: what they are, where they come from, how far they are.
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';
import type { CodeForm, EncoderRecord, EncoderState } from '../index/encoder-table.ts';
import { defaultMethod } from './default-method.ts';

export interface EncoderDescription {
  /** Of its row in the catalog. */
  readonly id: number;
  /** Also the method's. */
  readonly name: string;
  readonly kind: Kind;
  /** `shipped`: it comes with the package, and has seen none of the items. */
  readonly origin: 'trained' | 'imported' | 'shipped';
  readonly dimensions: number;
  readonly form: CodeForm;
  /** SHA-256 of its files and settings. */
  readonly fingerprint: string;
  readonly state: EncoderState;
  /** How many items have its code, and how many there are of its kind. */
  readonly codes: number;
  readonly items: number;
  /** How many items it learned from, where that is known. */
  readonly trainedOn?: number;
  /** What is known of how good it is. */
  readonly figures: {
    /** Mean loss of the last epoch of its training. */
    readonly loss?: number;
    /** Mean reciprocal rank in the check that chose the default method, and that of the method it was compared with. */
    readonly meanReciprocalRank?: number;
    readonly against?: { readonly method: string; readonly meanReciprocalRank: number };
  };
}

/** The encoders that were trained or imported, by id; neither those of another time nor the plain ones of pictures. */
export function describeEncoders(catalog: Catalog): EncoderDescription[] {
  return catalog.encoders
    .list()
    .filter(({ info, state }) => state !== 'retired' && (info.imported === true || info.trainedOn !== undefined))
    .map((record) => describeEncoder(catalog, record));
}

export function describeEncoder(catalog: Catalog, record: EncoderRecord): EncoderDescription {
  const { id, method, kind, dimensions, form, fingerprint, state, info } = record;
  const losses = info.losses as readonly number[] | undefined;
  const loss = losses?.at(-1);
  return {
    id,
    name: method,
    kind,
    origin: info.imported === true ? 'imported' : info.shipped !== undefined ? 'shipped' : 'trained',
    dimensions,
    form,
    fingerprint,
    state,
    codes: catalog.codes.count(id),
    items: catalog.items.counts()[kind],
    ...(typeof info.trainedOn === 'number' ? { trainedOn: info.trainedOn } : {}),
    figures: { ...(loss === undefined ? {} : { loss }), ...rankOf(catalog, kind, method) },
  };
}

function rankOf(catalog: Catalog, kind: Kind, method: string): EncoderDescription['figures'] {
  const verdict = defaultMethod(catalog, kind).verdicts?.[method];
  if (verdict?.encoderMrr === undefined || verdict.plainMrr === undefined) return {};
  const other = verdict.winner === method ? verdict.loser : verdict.winner;
  return {
    meanReciprocalRank: verdict.encoderMrr,
    ...(other === undefined ? {} : { against: { method: other, meanReciprocalRank: verdict.plainMrr } }),
  };
}
