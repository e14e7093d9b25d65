// An exact look at pairs of contents, whatever they are: what a check says, and how it is asked for.
import type { PictureEvidence } from '../duplicates/confirm-pictures.ts';
import type { TextEvidence } from '../duplicates/confirm-texts.ts';
import type { Relation, Verdict } from '../duplicates/relation.ts';
import type { Content } from './duplicate-contents.ts';

/** A verdict; of a pair that is nothing to one another the evidence may be missing. */
export type Check = Omit<Verdict<Relation, unknown>, 'evidence'> & {
  readonly evidence?: PictureEvidence | TextEvidence;
};

/** The one whose hash is lower first. */
export type ContentPair = readonly [a: Content, b: Content];

export interface Checker {
  /**
   * What each pair is; undefined for one that cannot be read now.
   *
   * @throws SandglassError ABORTED
   */
  checkAll(
    pairs: readonly ContentPair[],
    onStep?: (done: number, total: number) => void,
  ): Promise<(Check | undefined)[]>;
  /** Contents that could not be read, by their first path, with the reason. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Pairs that were looked at, or begun to be, because nothing was remembered of them. */
  readonly looked: number;
  /** Pairs of which an earlier search had seen what they are. */
  readonly remembered: number;
  /** What else is to be said: that nothing can be remembered. */
  readonly notes: readonly string[];
  /** Ends what was started; remembers what was seen. To be called whatever happened. */
  close(): Promise<void>;
}
