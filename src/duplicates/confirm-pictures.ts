// The exact check of two pictures: laid over one another in every way that a copy could lie, what agrees?
import { type BlockAgreement, coarseAgreement, compareBlocks } from './compare-blocks.ts';
import { type LumaLevel, SKETCH_SIDE } from './luma-pyramid.ts';
import { type CornerMap, cornerMaps } from './match-corners.ts';
import { colourDifference, type PictureSketch } from './picture-sketch.ts';
import { FRAME_TURNS, foreshortening, type PlaneMap } from './plane-map.ts';
import type { PictureRelation, Verdict } from './relation.ts';

/** What was seen when two pictures were laid over one another. */
export interface PictureEvidence {
  /** The share of blocks that look the same, 0…1. */
  readonly blocks: number;
  /** How many blocks with something in them were compared. */
  readonly compared: number;
  /** The correlation of edges and grain in the middle one of all blocks, −1…1; absent where there is hardly any. */
  readonly grain?: number;
  /** Corners that agree on where one picture lies in the other; absent when whole frames were compared. */
  readonly corners?: number;
  /** Lengths of the second, in pixels of its file, for one of the first. */
  readonly scale: number;
  /** Degrees by which the second is turned clockwise against the first. */
  readonly turned: number;
  readonly mirrored: boolean;
  /** The share of the first picture that the second shows, and the other way round. */
  readonly ofFirst: number;
  readonly ofSecond: number;
  /** Mean difference of the greys, 0…255. */
  readonly difference: number;
  /** Fine detail of the second for that of the first: below 1 it is blurred, above 1 noisy or sharpened. */
  readonly detail: number;
  /** True when one is the negative of the other. */
  readonly negative?: true;
  /** How many times as large things are drawn at one side of the second as at the other, where it was seen from the side. */
  readonly foreshortening?: number;
  /**
   * Where places of the first lie in the second, as shares of width and height: ((a·x + b·y + c) / w, (d·x + e·y + f) / w)
   * with w = g·x + h·y + 1.
   */
  readonly map: PlaneMap;
}

/** The score is the share of agreeing blocks, less where few could be compared. */
export type PictureVerdict = Verdict<PictureRelation, PictureEvidence>;

/** Raise the number whenever the same pictures, or damaged copies of them, would give another verdict: those that are remembered do not count then. */
export const PICTURE_RULES = 'pictures 2';

/** Of the eight ways in which a frame may lie, so many are looked at block by block. */
const LOOKED_AT = 2;
/** Whole frames that agree this well are not looked at more closely. */
const WHOLE_FRAME = 0.85;
/** A copy that only a program has written anew agrees in nearly all blocks, … */
const UNTOUCHED = 0.9;
/** … in greys and colours; a strong JPEG compression costs 4 of 255, a grey copy of a colourful photo 20. */
const SAME_GREYS = 8;
const SAME_COLOURS = 6;
/**
 * … in one place about as much as in others: compression and size change a picture all over, up to three times as much in the worst
 * of 64 places as in the mean; a date, a logo, a face that was made unrecognisable stands in one place. A difference of 2 is none.
 */
const SAME_EVERYWHERE = 3.5;
const NO_DIFFERENCE = 2;
/** … and in how much fine detail there is: a blurred or noisy copy is another picture. */
const SAME_DETAIL = 1.5;
/** Shares of a frame from which all of it is there. */
const WHOLE = 0.97;
/** Degrees within which a picture is upright. */
const UPRIGHT = 2.5;
/** The same for a photo of a picture. */
const UPRIGHT_BY_HAND = 15;
/** So many blocks tell as much as more would; a share of fewer is taken for less. */
const ENOUGH_BLOCKS = 32;
/** So many where all of them agree. */
const ENOUGH_EQUAL_BLOCKS = 4;
/** So much agreement of edges and grain; what agrees in its slopes alone is taken for less. */
const ENOUGH_GRAIN = 0.5;
/** So many corners, and so much of the smaller picture, where a map was fitted. */
const ENOUGH_CORNERS = 12;
const ENOUGH_CORNERS_OF_PERSPECTIVE = 16;
const ENOUGH_SHOWN = 0.6;
/** So much of one of the two a copy shows; the corners of a wide picture that is turned in its frame are lost. */
const SHOWN_OF_CROPPED = 0.8;
const SHOWN_OF_TURNED = 0.7;
/** Score from which two pictures show the same thing at all. */
const SIMILAR_SHOT = 0.2;
/** Score from which it is the same picture, where there are too few pictures to find another (calibration.ts). */
export const COPY_SCORE = 0.5;

/**
 * How two pictures of different bytes are related, or that they are not. Deterministic; about 2 ms for whole frames, 15 ms where
 * corners are matched.
 */
export function confirmPictures(a: PictureSketch, b: PictureSketch): PictureVerdict {
  let best: Seen | undefined;
  for (const { degrees, mirrored, map } of likelyTurns(a, b)) {
    const agreement = compareBlocks(a.levels, b.levels, map);
    const seen: Seen = { agreement, map, turned: degrees, mirrored, score: wholeScore(agreement) };
    if (best === undefined || seen.score > best.score) best = seen;
    if (best.score >= WHOLE_FRAME) break;
  }
  if (best!.score < WHOLE_FRAME) {
    for (const corners of cornerMaps(a.corners, a.levels[0]!, b.corners, b.levels[0]!)) {
      const agreement = compareBlocks(a.levels, b.levels, corners.map);
      const turned = ((corners.angle * 180) / Math.PI + 360) % 360;
      const seen: Seen = {
        agreement,
        map: corners.map,
        turned,
        mirrored: corners.mirrored,
        corners,
        score: localScore(agreement, corners),
      };
      if (seen.score > best!.score) best = seen;
    }
  }
  return verdictOf(best!, a, b);
}

/** The ways in which whole frames may agree, by a coarse look, the likeliest first. */
function likelyTurns(a: PictureSketch, b: PictureSketch): (typeof FRAME_TURNS)[number][] {
  return FRAME_TURNS.map((turn) => ({ turn, agreement: coarseAgreement(a.levels, b.levels, turn.map) }))
    .sort((one, other) => other.agreement - one.agreement)
    .slice(0, LOOKED_AT)
    .map(({ turn }) => turn);
}

interface Seen {
  readonly agreement: BlockAgreement;
  readonly map: PlaneMap;
  readonly turned: number;
  readonly mirrored: boolean;
  readonly corners?: CornerMap;
  readonly score: number;
}

/**
 * Of a share seen in few blocks, the part that could be chance is taken off. Where all of a whole frame agrees, what is empty in
 * both agrees too: a few lines on white are enough.
 */
function wholeScore(agreement: BlockAgreement): number {
  const { blocks, share, negativeShare } = agreement;
  const best = Math.max(share, negativeShare);
  const enough = best >= UNTOUCHED ? ENOUGH_EQUAL_BLOCKS : ENOUGH_BLOCKS;
  return best * atMostOne(blocks / enough) * grainShare(agreement);
}

/**
 * The map was chosen to fit, so that more has to agree: two drawings have a circle each, which some map lays upon the other. And a
 * small overlap agrees more easily than most of the smaller picture.
 */
function localScore(agreement: BlockAgreement, { agreeing, perspective }: CornerMap): number {
  const { blocks, share, overlapA, overlapB } = agreement;
  const shown = Math.max(overlapA, overlapB);
  const enoughCorners = perspective ? ENOUGH_CORNERS_OF_PERSPECTIVE : ENOUGH_CORNERS;
  return (
    share *
    atMostOne(blocks / ENOUGH_BLOCKS) *
    atMostOne(shown / ENOUGH_SHOWN) *
    atMostOne(agreeing / enoughCorners) *
    grainShare(agreement)
  );
}

/** What has no grain is the same only where nearly all of it is. */
function grainShare({ share, negativeShare, grain }: BlockAgreement): number {
  if (grain === undefined) return Math.max(share, negativeShare) >= UNTOUCHED ? 1 : 0;
  return atMostOne(Math.max(0, negativeShare > share ? -grain : grain) / ENOUGH_GRAIN);
}

function atMostOne(share: number): number {
  return Math.min(1, share);
}

function verdictOf(seen: Seen, a: PictureSketch, b: PictureSketch): PictureVerdict {
  const { agreement, turned, mirrored, corners, score } = seen;
  const negative = agreement.negativeShare > agreement.share;
  const detail = detailRatio(a, b);
  const evidence: PictureEvidence = {
    blocks: Math.max(agreement.share, agreement.negativeShare),
    compared: agreement.blocks,
    ...(agreement.grain === undefined ? {} : { grain: agreement.grain }),
    ...(corners ? { corners: corners.agreeing } : {}),
    scale: scaleOf(seen, a, b),
    turned,
    mirrored,
    ofFirst: agreement.overlapA,
    ofSecond: agreement.overlapB,
    difference: agreement.difference,
    detail,
    ...(negative ? { negative: true } : {}),
    ...(corners?.perspective ? { foreshortening: foreshortening(corners.map) } : {}),
    map: seen.map,
  };
  return {
    score,
    ifCopy: copyRelation(seen, detail, a, b),
    ...(score >= SIMILAR_SHOT ? { ifNot: 'similar-shot' } : {}),
    evidence,
  };
}

function copyRelation(seen: Seen, detail: number, a: PictureSketch, b: PictureSketch): PictureRelation {
  const { agreement, turned, mirrored } = seen;
  const away = Math.min(turned, 360 - turned);
  const shown = [agreement.overlapA, agreement.overlapB] as const;
  const upright = seen.corners?.perspective ? UPRIGHT_BY_HAND : UPRIGHT;
  if (mirrored || away > upright) return Math.max(...shown) >= SHOWN_OF_TURNED ? 'turned' : 'similar-shot';
  if (seen.corners?.perspective) return Math.max(...shown) >= SHOWN_OF_CROPPED ? 'edited' : 'similar-shot';
  if (Math.min(...shown) >= WHOLE || seen.corners === undefined) {
    if (!isUntouched(agreement, detail, a, b)) return 'edited';
    return a.fullWidth === b.fullWidth && a.fullHeight === b.fullHeight ? 're-encoded' : 'resized';
  }
  // a part of each is beside the other: two shots of one scene, or a montage
  return Math.max(...shown) >= SHOWN_OF_CROPPED ? 'cropped' : 'similar-shot';
}

function scaleOf({ corners, turned }: Seen, a: PictureSketch, b: PictureSketch): number {
  const [longA, longB] = [Math.max(a.fullWidth, a.fullHeight), Math.max(b.fullWidth, b.fullHeight)];
  if (corners) return (corners.scale * longB) / longA;
  const across = turned % 180 === 0 ? b.fullWidth : b.fullHeight;
  return across / a.fullWidth;
}

function isUntouched(agreement: BlockAgreement, detail: number, a: PictureSketch, b: PictureSketch): boolean {
  const { share, difference, worst } = agreement;
  const colours = colourDifference(a, b);
  return (
    share >= UNTOUCHED &&
    difference <= SAME_GREYS &&
    colours.mean <= SAME_COLOURS &&
    worst <= SAME_EVERYWHERE * (difference + NO_DIFFERENCE) &&
    colours.worst <= SAME_EVERYWHERE * (colours.mean + NO_DIFFERENCE) &&
    detail <= SAME_DETAIL &&
    detail >= 1 / SAME_DETAIL
  );
}

/** The mean step from pixel to pixel, compared where both pictures have about as many pixels. */
function detailRatio(a: PictureSketch, b: PictureSketch): number {
  const side = Math.min(longerSide(a.levels[0]!), longerSide(b.levels[0]!), SKETCH_SIDE);
  const near = (sketch: PictureSketch) => sketch.levels.findLast((level) => longerSide(level) >= side * 0.99)!;
  // a picture without any detail has nothing to be blurred
  return (meanStep(near(b)) + 1) / (meanStep(near(a)) + 1);
}

function longerSide({ width, height }: LumaLevel): number {
  return Math.max(width, height);
}

function meanStep({ width, height, luma }: LumaLevel): number {
  let sum = 0;
  for (let y = 0; y < height; y++)
    for (let x = 1, at = y * width + 1; x < width; x++, at++) sum += Math.abs(luma[at]! - luma[at - 1]!);
  return sum / Math.max(1, (width - 1) * height);
}
