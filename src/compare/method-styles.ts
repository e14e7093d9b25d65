// In which order methods are shown, and which of them have a colour of their own: more colours than seven tell nothing apart.
import type { ComparisonReport, MethodReport } from './report.ts';

const COLOURS = ['var(--m0)', 'var(--m1)', 'var(--m2)', 'var(--m3)', 'var(--m4)', 'var(--m5)', 'var(--m6)'];
const SHAPES = ['circle', 'square2', 'triangle2', 'diamond2', 'star', 'hexagon', 'wye'] as const;

/** Of more methods than there are colours, so many stand out. */
const STANDING_OUT = 5;

/** How a method looks in all charts and tables of a page. */
export interface MethodStyle {
  /** False: one of many, in grey. */
  readonly standsOut: boolean;
  /** A variable of the page's style. */
  readonly colour: string;
  readonly shape: (typeof SHAPES)[number];
}

/** The same report, the method that found best first. */
export function bestFirst(report: ComparisonReport): ComparisonReport {
  const figure = ({ map, mrr }: MethodReport): number => (report.protocol === 'label-free' ? mrr : map);
  return { ...report, methods: [...report.methods].sort((a, b) => figure(b) - figure(a)) };
}

/** One style a method. Of many methods those that the verdict is about stand out, and the first ones. */
export function methodStyles({ methods, verdict }: ComparisonReport): MethodStyle[] {
  const names = methods.map(({ method }) => method);
  const judged = [verdict?.winner, verdict?.loser].filter((name) => name !== undefined && names.includes(name));
  const chosen = isMany(methods) ? [...new Set([...judged, ...names])].slice(0, STANDING_OUT) : names;
  let place = 0;
  return names.map((name) => {
    if (!chosen.includes(name)) return { standsOut: false, colour: 'var(--muted)', shape: 'circle' };
    const style = { standsOut: true, colour: COLOURS[place]!, shape: SHAPES[place]! };
    place++;
    return style;
  });
}

/** More methods than colours. */
export function isMany(methods: readonly MethodReport[]): boolean {
  return methods.length > COLOURS.length;
}
