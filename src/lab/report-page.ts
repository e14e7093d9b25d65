// The lab's page, section by section.
import { htmlPage } from '../compare/html-page.ts';
import { type Markup, markup } from '../compare/markup.ts';
import { timeChart } from './report-charts.ts';
import { errorSection, retrievalSection, stackedSection } from './report-comparisons.ts';
import { findingsOf } from './report-findings.ts';
import { countText, timeText } from './report-format.ts';
import { mapSection, mapStyle } from './report-maps.ts';
import { familiesOf, familySection, type RunFamily, runTable } from './report-runs.ts';
import { LAB_STYLE } from './report-style.ts';
import type { LabResults } from './results.ts';

/** The whole document; all text is escaped. */
export function labPage(results: LabResults): string {
  const { runs, sheets, dataSet, retrieval, stacked } = results;
  const families = familiesOf(runs);
  const findings = findingsOf(results);
  const body = markup`${header(results, families)}
<main>
${
  findings.length === 0
    ? undefined
    : markup`<section id="findings">
<h2>What came out</h2>
<ul class="findings">${findings.map((finding) => markup`<li>${finding}</li>`)}</ul>
</section>`
}
${errorSection(results)}
${mapSection(results)}
${retrieval && retrievalSection(retrieval)}
${
  runs.length === 0
    ? undefined
    : markup`<section id="runs">
<h2>All runs</h2>
<p>Each auto-encoder below learned to give its input again through a narrow middle. Losses of different kinds cannot be compared with one another; test errors can.</p>
<div class="beside">${runTable(results, families)}
<figure><figcaption>Time of an epoch<span>mean, ${countText(dataSet.trainRows)} pictures, ${results.machine.device}</span></figcaption>${timeChart(runs)}</figure></div>
</section>`
}
${families.map((family) => familySection(family, sheets))}
${stacked && stackedSection(stacked)}
</main>
${footer(results)}`;
  return htmlPage({
    title: `Sandglass lab: ${dataSet.name}`,
    style: `${LAB_STYLE}${mapStyle(results)}`,
    body,
  });
}

function header(results: LabResults, families: readonly RunFamily[]): Markup {
  const { dataSet, runs, seconds } = results;
  return markup`<header>
<h1>Sandglass lab · <bdi>${dataSet.name}</bdi></h1>
<p class="headline">${runs.length === 1 ? '1 auto-encoder' : `${countText(runs.length)} auto-encoders`}, trained on ${countText(dataSet.trainRows)} pictures and judged on ${countText(dataSet.testRows)} others, in ${timeText(seconds)}.</p>
<dl class="facts">
${facts(results).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>
<nav aria-label="Contents"><ul>${contents(results, families).map(([id, title]) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>`;
}

function facts({ machine, dataSet, seed }: LabResults): [string, string][] {
  return [
    ['machine', `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}, ${machine.platform}`],
    ['trained on', machine.device],
    ['Node.js', machine.node],
    ['ONNX Runtime', machine.onnxruntime],
    ['pictures', dataSet.shape.join(' × ')],
    ['seed', String(seed)],
    ['date', machine.date.slice(0, 10)],
  ];
}

function contents(results: LabResults, families: readonly RunFamily[]): [id: string, title: string][] {
  const { errorTable, maps, retrieval, stacked, runs } = results;
  const all: [boolean, string, string][] = [
    [errorTable.length > 0, 'errors', 'Beside PCA'],
    [maps.length > 0, 'maps', 'Maps'],
    [(retrieval?.rows.length ?? 0) > 0, 'retrieval', 'Retrieval'],
    [runs.length > 0, 'runs', 'All runs'],
    ...families.map(({ id, title }): [boolean, string, string] => [true, id, title]),
    [stacked !== undefined, 'stacked', 'Layer by layer'],
  ];
  return all.filter(([there]) => there).map(([, id, title]) => [id, title]);
}

function footer({ notes, retrieval, maps }: LabResults): Markup {
  const none: [string, string][] = [];
  const definitions: [string, string][] = [
    [
      'Test error',
      'Squared difference between a picture and its reconstruction, summed over its pixels (0 to 1), mean over the test set. De-noising: between the clean picture and what is made of the noisy one.',
    ],
    ...(maps.length > 0 || retrieval
      ? [['5-NN', 'Share of queries whose five nearest neighbours vote for the right label.'] as [string, string]]
      : none),
    ...(retrieval
      ? ([
          ['P@100', 'Share of the first 100 hits that bear the label of the query, mean over the queries.'],
          [
            'mAP',
            'Mean average precision: the precision at the rank of every item of the label, averaged; 1 when all of them come first.',
          ],
        ] as [string, string][])
      : none),
  ];
  return markup`<footer>
${notes.length === 0 ? undefined : markup`<h2>Notes</h2><ul class="findings">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`}
<dl>
${definitions.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}
</dl>
</footer>`;
}
