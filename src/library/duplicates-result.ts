// What a search for duplicates is asked, and what it answers.
import type { PictureEvidence } from '../duplicates/confirm-pictures.ts';
import type { TextEvidence } from '../duplicates/confirm-texts.ts';
import type { Preference } from '../duplicates/keeper.ts';
import type { Relation } from '../duplicates/relation.ts';
import type { Kind } from '../features/feature.ts';

export interface DuplicatesOptions {
  /** @default both */
  readonly kind?: Kind;
  /**
   * The share of listed pairs that should be duplicates; thresholds come from copies and strangers made of the folder's own
   * files. @default 0.99
   */
  readonly precision?: number;
  /** Only relations of these names. @default all but `similar-shot`, `template` and `related`, which are no duplicates */
  readonly relations?: readonly Relation[];
  /** Only groups whose files lie in at least two of these folders; other files are not looked at. */
  readonly across?: readonly string[];
  /** Files in these folders are kept before others, the first folder before the second. */
  readonly keepIn?: readonly string[];
  /** What the file to keep is chosen by, after folders. @default 'best' */
  readonly prefer?: Preference;
  /** Seed of the sample that the thresholds come from. @default 1234 */
  readonly seed?: number;
  /** Threads that look at pictures. @default one for each processor, 8 at most */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  onProgress?(progress: DuplicatesProgress): void;
}

export interface DuplicatesProgress {
  /** `propose`: which pairs are near; `calibrate`: what copies look like here; `confirm`: an exact look at each pair. */
  readonly phase: 'propose' | 'calibrate' | 'confirm';
  readonly kind: Kind;
  readonly done: number;
  readonly total: number;
}

export interface DuplicateFile {
  /** Absolute. */
  readonly path: string;
  /** SHA-256 of the content. */
  readonly hash: string;
  readonly format: string;
  /** Bytes. */
  readonly size: number;
  /** When the file was changed last, ISO 8601. */
  readonly modified: string;
  /** Pixels, of a picture. */
  readonly width?: number;
  readonly height?: number;
  /** Of a document. */
  readonly words?: number;
}

/** Two files of which one is a copy of the other in some way. */
export interface DuplicatePair {
  /** Absolute paths. */
  readonly a: string;
  readonly b: string;
  readonly relation: Relation;
  /** That the two are duplicates; 1 for equal bytes, pixels or words. */
  readonly probability: number;
  /** How much of the two agrees, 0…1. */
  readonly score: number;
  /** What was seen; absent for identical bytes. */
  readonly evidence?: PictureEvidence | TextEvidence;
  /** Methods that proposed the pair. */
  readonly proposedBy: readonly string[];
}

export interface GroupMember extends DuplicateFile {
  /** What it is to the file that is kept; absent for that file itself. */
  readonly relation?: Relation;
  readonly probability?: number;
}

/** Files of which every two are duplicates. */
export interface DuplicateGroup {
  readonly kind: Kind;
  /** The one to keep first, then by relation. */
  readonly files: readonly [GroupMember, ...GroupMember[]];
  /** Why the first is to be kept. */
  readonly why: string;
  /** Bytes of all but the first. */
  readonly bytes: number;
  /** The lowest probability of two files in it. */
  readonly least: number;
  readonly pairs: readonly DuplicatePair[];
}

/** Where the threshold of a kind came from. */
export interface DuplicateCalibration {
  readonly kind: Kind;
  /** False when there are too few files to measure: a threshold that fits most folders stands in, and nothing is promised. */
  readonly measured: boolean;
  readonly threshold: number;
  /** The precision that the threshold is expected to have here; absent when it was not measured. */
  readonly precision?: number;
  /** The share of damaged copies that it finds when they are proposed; absent when it was not measured. */
  readonly recall?: number;
  /** How many copies and strangers were measured. */
  readonly copies: number;
  readonly strangers: number;
}

export interface Duplicates {
  readonly schema: 1;
  /** Files that were looked at. */
  readonly items: number;
  /** Pairs that were looked at exactly. */
  readonly candidates: number;
  /** So many of them had been looked at before, by an earlier search. */
  readonly remembered: number;
  readonly groups: readonly DuplicateGroup[];
  /** Pairs whose files lie in different groups, or in none: A is like B, and B like C, but not A like C. */
  readonly others: readonly DuplicatePair[];
  readonly calibration: readonly DuplicateCalibration[];
  /** Pairs that were decided before and are not listed. */
  readonly decided: number;
  readonly notes: readonly string[];
}
