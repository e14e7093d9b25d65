// The smallest real methods: points on a plane, ranked by the angle between them or by their distance.
import type { Feature, Kind } from '../../src/features/feature.ts';
import type { Method, Ranking, Scored } from '../../src/methods/method.ts';

export type Point = readonly [x: number, y: number];

/** A point as a bag of two words. */
export function pointFeature([x, y]: Point): Feature {
  return { kind: 'text', terms: ['x', 'y'], counts: Uint16Array.of(x, y) };
}

/** Ids 100, 101, …; tie keys that differ, unless given. */
export function rankingOf(count: number, ties?: readonly number[]): Ranking {
  return {
    ids: Int32Array.from({ length: count }, (_, row) => 100 + row),
    ties: Uint32Array.from({ length: count }, (_, row) => ties?.[row] ?? (row * 2654435761) >>> 0),
  };
}

abstract class PointsMethod implements Method<Point> {
  abstract readonly name: string;
  readonly kind: Kind = 'text';
  readonly bytesPerItem = 8;
  readonly points: readonly Point[];
  readonly items: Ranking;

  constructor(points: readonly Point[], items: Ranking = rankingOf(points.length)) {
    this.points = points;
    this.items = items;
  }

  abstract similarity(a: Point, b: Point): number;

  represent(features: readonly Feature[]): Promise<Point[]> {
    return Promise.resolve(
      features.map((feature): Point => {
        if (feature.kind !== 'text') throw new TypeError(`Expected a text feature but received ${feature.kind}`);
        return [feature.counts[0] ?? 0, feature.counts[1] ?? 0];
      }),
    );
  }

  isEmpty([x, y]: Point): boolean {
    return x === 0 && y === 0;
  }

  distance(score: number): number {
    return 1 - score;
  }

  scores(query: Point): Float32Array {
    return Float32Array.from(this.points, (point) => this.similarity(query, point));
  }

  search(query: Point, k: number, accept: (row: number) => boolean = () => true): Scored[] {
    const scores = this.scores(query);
    const { ties } = this.items;
    return Array.from(scores, (score, row) => ({ row, score }))
      .filter(({ row }) => accept(row))
      .sort((a, b) => b.score - a.score || ties[a.row]! - ties[b.row]!)
      .slice(0, k);
  }
}

/** Cosine of the angle between two points. */
export class AnglePoints extends PointsMethod {
  readonly name: string = 'angle';

  similarity(a: Point, b: Point): number {
    const lengths = Math.hypot(...a) * Math.hypot(...b);
    return lengths === 0 ? 0 : (a[0] * b[0] + a[1] * b[1]) / lengths;
  }
}

/** 1 / (1 + distance): the better way for copies that are moved a little. */
export class NearPoints extends PointsMethod {
  readonly name: string = 'near';

  similarity(a: Point, b: Point): number {
    return this.isEmpty(a) || this.isEmpty(b) ? 0 : 1 / (1 + Math.hypot(a[0] - b[0], a[1] - b[1]));
  }
}
