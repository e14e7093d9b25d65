// Observable Plot without a browser: a chart's options in, its SVG out. Loading it costs time; pages import it when drawn.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Markup, markup } from './markup.ts';

const document = parseHTML('<!doctype html><html><body></body></html>').document as unknown as NonNullable<
  Plot.PlotOptions['document']
>;

/**
 * The chart as an SVG element.
 *
 * @param label what a screen reader says of it; empty for an ornament, which it then leaves out
 */
export function drawPlot(label: string, options: Plot.PlotOptions): Markup {
  const svg = Plot.plot({ ...options, document, style: { background: 'none', fontSize: '12px' } });
  // Not setAttribute: linkedom leaves < and > in attributes as they are.
  const attributes = label === '' ? markup`aria-hidden="true"` : markup`role="img" aria-label="${label}"`;
  return new Markup(svg.outerHTML.replace('<svg', () => `<svg ${attributes.html}`));
}
