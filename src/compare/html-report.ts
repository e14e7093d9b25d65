// One self-contained HTML page for a comparison: verdict, table, charts, example queries side by side.
import type { ComparisonExample } from './examples.ts';
import { EXAMPLE_STYLE } from './html-example-style.ts';
import { exampleSection } from './html-examples.ts';
import { htmlPage } from './html-page.ts';
import { type FigureColumn, figureColumns, groupTable, kindTable, named, resultTable } from './html-tables.ts';
import { type Markup, markup } from './markup.ts';
import { bestFirst, isMany, type MethodStyle, methodStyles } from './method-styles.ts';
import type { ComparisonReport } from './report.ts';

export interface ReportPage {
  readonly report: ComparisonReport;
  readonly examples: readonly ComparisonExample[];
  /** What was compared on: the indexed folders, as the user knows them. */
  readonly collection: string;
  /** When, as it is to be shown. */
  readonly date: string;
  /** The command that repeats the comparison. */
  readonly command?: string;
}

/**
 * The page. It asks for nothing from anywhere and runs no script (its own policy forbids both); all text is escaped.
 * The drawing libraries are loaded by the first call.
 */
export async function renderReport(page: ReportPage): Promise<string> {
  const charts = await import('./html-charts.ts');
  const { examples } = page;
  const report = bestFirst(page.report);
  const styles = methodStyles(report);
  const known = report.protocol === 'label-free';
  const marks = styles.map((style) => charts.legendMark(style));
  const legend = legendOf(report, styles, marks);
  const [sentence, basis] = splitHeadline(report.headline);
  const body = markup`<header>
<h1>Sandglass · which method finds better in <bdi>${page.collection}</bdi>?</h1>
<p class="headline">${sentence}</p>
${basis === '' ? undefined : markup`<p class="basis">${basis}</p>`}
<dl class="facts">
${facts(report, page.date).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>
</header>
<main>
<section>
<h2>${known ? 'Who finds the original?' : 'Who puts the right class first?'}</h2>
<p>${
    known
      ? 'Corrupted copies of files of this collection were asked. A method does well when the file that a copy was made from comes first.'
      : 'Files whose class is known were asked. A method does well when items that share a class with the query come first.'
  } The best comes first. Small figures are 95 % intervals; the best of each column is bold.</p>
${resultTable(report, marks)}
${
  known
    ? markup`<h2>Held out or practised</h2>
<p>Mean reciprocal rank, apart for files and corruptions that encoders met in training and for those they did not. The verdict rests on new files with new corruptions alone.</p>
${groupTable(report, marks)}`
    : undefined
}
</section>
<section>
<h2>At a glance</h2>
<p>Bars are means, whiskers their 95 % intervals. Where whiskers of two methods overlap much, the difference may be chance.</p>
${legend}
<div class="charts">
${chartedColumns(report).map(
  ({ label, meaning, figureOf }) =>
    markup`<figure><figcaption>${label}<span>${meaning}</span></figcaption>${charts.barChart(report.methods, styles, label, figureOf)}</figure>`,
)}
<figure><figcaption>${known ? 'Found within the first k' : 'Precision at k'}<span>${
    known ? 'how far down one has to look' : 'how purity falls as more hits are read'
  }</span></figcaption>${isMany(report.methods) ? charts.curveCharts(report, styles) : charts.curveChart(report, styles)}</figure>
</div>
</section>
${known ? kindSection(report, (seen) => charts.kindChart(report.methods, styles, seen), marks, legend) : undefined}
${examples.length === 0 ? undefined : exampleSection(examples, report, styles, marks)}
</main>
${footer(page)}`;
  return htmlPage({
    title: `Sandglass: which method finds better in ${page.collection}?`,
    style: EXAMPLE_STYLE,
    body,
  });
}

/** Those in grey are named by the charts and tables. */
function legendOf({ methods }: ComparisonReport, styles: readonly MethodStyle[], marks: readonly Markup[]): Markup {
  const others = styles.findIndex(({ standsOut }) => !standsOut);
  return markup`<p class="legend">${methods.map(({ method }, place) =>
    styles[place]!.standsOut ? named(method, marks[place]) : undefined,
  )}${others < 0 ? undefined : named('others', marks[others])}</p>`;
}

function kindSection(
  report: ComparisonReport,
  kindChart: (seen: boolean) => Markup | undefined,
  marks: readonly Markup[],
  legend: Markup,
): Markup {
  if (isMany(report.methods))
    return markup`<section>
<h2>Corruption by corruption</h2>
<p>Mean reciprocal rank of each kind of corruption; held out: no encoder was trained with it. The best of each column is bold.</p>
${kindTable(report, marks)}
</section>`;
  const heldOut = kindChart(false);
  const practised = kindChart(true);
  return markup`<section>
<h2>Corruption by corruption</h2>
<p>Mean reciprocal rank of each kind of corruption, a dot a method. Right is better.</p>
${legend}
<div class="charts">
${heldOut && markup`<figure><figcaption>Held out<span>no encoder was trained with these</span></figcaption>${heldOut}</figure>`}
${practised && markup`<figure><figcaption>Practised<span>encoders were trained with these</span></figcaption>${practised}</figure>`}
</div>
</section>`;
}

/** The columns that are worth a chart: the rest says the same again. */
function chartedColumns(report: ComparisonReport): FigureColumn[] {
  const wanted = report.protocol === 'label-free' ? ['found@1', 'MRR'] : ['P@1', 'P@10', 'P@100', 'R@100', 'mAP'];
  return figureColumns(report).filter(({ label }) => wanted.includes(label));
}

function facts(report: ComparisonReport, date: string): [string, string][] {
  const number = (value: number): string => value.toLocaleString('en');
  const found: [string, string][] = [
    ['items', number(report.items)],
    ['queries', number(report.queries)],
    ['seed', String(report.seed)],
    ['date', date],
  ];
  if (report.withCopies) found.push(['queries with an exact copy', number(report.withCopies)]);
  for (const [reason, many] of Object.entries(report.leftOut)) {
    if (many > 0) found.push([LEFT_OUT[reason] ?? reason, number(many)]);
  }
  return found;
}

const LEFT_OUT: Readonly<Record<string, string>> = {
  withoutRelevant: 'queries without a second item of their class',
  unreadable: 'queries that could not be read',
  inapplicable: 'copies that do not apply',
  failed: 'copies that failed',
};

function footer({ report, command }: ReportPage): Markup {
  return markup`<footer>
<dl>
${figureColumns(report).map(({ label, definition }) => markup`<dt>${label}</dt><dd>${definition}</dd>`)}
<dt>ms/query</dt><dd>Median time to represent one query and find its ten nearest items; reading the file is not part of it.</dd>
<dt>95 % interval</dt><dd>Percentile bootstrap, 1,000 resamples ${
    report.protocol === 'label-free' ? 'of the files, each with all its copies' : 'of the queries'
  }, seed ${report.seed}.</dd>
${command === undefined ? undefined : markup`<dt>To repeat it</dt><dd><code>${command}</code></dd>`}
</dl>
</footer>`;
}

/** A headline as its claim and, when there is one, the bracket that it rests on. */
function splitHeadline(headline: string): [claim: string, basis: string] {
  const parts = /^(.*?) \((.+)\)\.$/su.exec(headline);
  if (parts === null) return [headline, ''];
  const basis = parts[2]!;
  return [`${parts[1]}.`, `${basis[0]!.toUpperCase()}${basis.slice(1)}.`];
}
