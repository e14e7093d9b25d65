// The protocol of the attack benchmark: how many attacked copies are found where a two-hundredth of strangers is found too.
import { sample, seededRandom } from '../dist/compare/random.js';
import { ATTACKS } from './image-attacks.ts';
import type { PictureRanker } from './image-methods.ts';

/** Share of the attacked strangers that may be taken for a copy. */
export const FALSE_POSITIVES = 0.005;
/** One split into database and control each. */
export const SPLIT_SEEDS = [1, 2, 3, 4, 5];
/** Of each half, so many photos are attacked. */
const ATTACKED = 100;

export const RECALL_PROTOCOL =
  `300 photos; ${SPLIT_SEEDS.length} splits (seeds ${SPLIT_SEEDS.join(', ')}) into 150 of a database and 150 strangers; 100 of each are asked for by ` +
  `${ATTACKS.length} attacked copies. A copy is found when the nearest of the database is nearer than a threshold, which ` +
  `at most ${FALSE_POSITIVES * 100} % of the 5,800 copies of strangers pass; "right": it is found and the nearest is its original. ` +
  'The photos are the same in all splits: their range says nothing of other photos';

export interface Split {
  /** Rows of photos. */
  readonly database: readonly number[];
  readonly asked: readonly number[];
  readonly strangers: readonly number[];
}

export interface RecallFigures {
  /** Share of attacked copies that are found, in one split. */
  readonly recall: number;
  /** The same where exactly that share of strangers passes: of scores equal to the threshold, which bits have many, a part counts. */
  readonly interpolated: number;
  /** Of them, the share of all copies whose nearest is the original. */
  readonly right: number;
  /** Share of strangers that pass. */
  readonly falsePositives: number;
  /** Recall of each attack, in the order of {@link ATTACKS}. */
  readonly perAttack: readonly number[];
}

/** @param photos how many there are */
export function splitOf(photos: number, seed: number): Split {
  const order = sample(
    Array.from({ length: photos }, (_, row) => row),
    photos,
    seededRandom('split', seed),
  );
  const half = Math.floor(photos / 2);
  return {
    database: order.slice(0, half),
    asked: order.slice(0, ATTACKED),
    strangers: order.slice(half, half + ATTACKED),
  };
}

/**
 * @param ranker over the photos, followed by the attacks of the first photo, of the second, …
 * @param photos how many photos there are
 */
export function attackRecall(ranker: PictureRanker, photos: number, split: Split): RecallFigures {
  const scoresOf = ranker.among(split.database);
  const copiesOf = (photo: number) => ATTACKS.map((_, attack) => photos + photo * ATTACKS.length + attack);
  const strangers = Float32Array.from(split.strangers.flatMap(copiesOf), (row) => best(scoresOf(row)).score).sort();
  // So many may pass, and those that are as near as the next one do not.
  const passing = Math.floor(FALSE_POSITIVES * strangers.length);
  const threshold = strangers[strangers.length - 1 - passing]!;
  const found = ATTACKS.map(() => 0);
  let right = 0;
  let onThreshold = 0;
  for (const photo of split.asked) {
    copiesOf(photo).forEach((row, attack) => {
      const nearest = best(scoresOf(row));
      if (nearest.score === threshold) onThreshold++;
      if (nearest.score <= threshold) return;
      found[attack]!++;
      if (split.database[nearest.place] === photo) right++;
    });
  }
  const copies = split.asked.length * ATTACKS.length;
  const recall = found.reduce((sum, count) => sum + count, 0) / copies;
  const passed = strangers.filter((score) => score > threshold).length;
  const share = (passing - passed) / strangers.filter((score) => score === threshold).length;
  return {
    recall,
    interpolated: recall + (share * onThreshold) / copies,
    right: right / copies,
    falsePositives: passed / strangers.length,
    perAttack: found.map((count) => count / split.asked.length),
  };
}

function best(scores: Float32Array): { place: number; score: number } {
  let place = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[place]!) place = i;
  return { place, score: scores[place]! };
}
