// Auto-encoders beside the plain ways: errors beside PCA's, codes in retrieval, pre-training beside training from scratch.
import { type Markup, markup } from '../compare/markup.ts';
import { curveColour, curvesChart, errorChart, retrievalChart, stackedChart } from './report-charts.ts';
import { countText, errorText, shareText, timeText } from './report-format.ts';
import { sheetGrid } from './report-sheet.ts';
import type { LabErrorRow, LabResults, LabRetrieval, LabRetrievalRow, LabStacked } from './results.ts';

export function errorSection({ errorTable, sheets, runs }: LabResults): Markup | undefined {
  const sideBySide = sheets.filter(({ run }) => !runs.some(({ name }) => name === run));
  if (errorTable.length === 0 && sideBySide.length === 0) return undefined;
  return markup`<section id="errors">
<h2>Beside PCA</h2>
<p>Test pictures squeezed into a few numbers and drawn again. The error is the squared difference summed over the pixels of a picture (0 to 1), mean over the test set; lower is better. PCA is the best that any linear auto-encoder can do.</p>
${
  errorTable.length === 0
    ? undefined
    : markup`<div class="beside">
${errorTableOf(errorTable)}
<figure><figcaption>Error against code size<span><span class="line"><i style="background:var(--m0)"></i>auto-encoder</span><span class="line"><i style="background:var(--m1)"></i>PCA</span>${
        errorTable.some(({ published }) => published) ? markup`<span class="line">★ published</span>` : undefined
      }</span></figcaption>${errorChart(errorTable)}</figure>
</div>`
}
${sheetGrid(sideBySide)}
</section>`;
}

function errorTableOf(rows: readonly LabErrorRow[]): Markup {
  const published = rows.some((row) => row.published);
  const sources = [...new Set(rows.flatMap((row) => row.published?.source ?? []))];
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Reconstruction errors"><table>
<thead><tr><th scope="col">numbers</th><th scope="col">auto-encoder</th><th scope="col">PCA</th><th scope="col">PCA ÷ auto-encoder</th>${
    published ? markup`<th scope="col">published</th>` : undefined
  }</tr></thead>
<tbody>
${rows.map((row) => {
  const { codeSize, autoEncoder, pca, run, published: known } = row;
  const both = autoEncoder !== undefined && pca !== undefined;
  return markup`<tr><th scope="row">${countText(codeSize)}</th>${errorCell(autoEncoder, both && autoEncoder < pca, run)}${errorCell(pca, both && pca < autoEncoder)}<td>${
    both ? `${(pca / autoEncoder).toFixed(2)} ×` : '–'
  }</td>${published ? errorCell(known?.error, false) : undefined}</tr>
`;
})}</tbody>
</table>${sources.length === 0 ? undefined : markup`<p class="source">Published: ${sources.join('; ')}.</p>`}</div>`;
}

function errorCell(value: number | undefined, best: boolean, from?: string): Markup {
  if (value === undefined) return markup`<td>–</td>`;
  const source = from === undefined ? undefined : markup`<small>${from}</small>`;
  return best
    ? markup`<td class="best"><strong>${errorText(value)}</strong>${source}</td>`
    : markup`<td>${errorText(value)}${source}</td>`;
}

const RETRIEVAL_COLUMNS = [
  { label: '5-NN', figureOf: (row: LabRetrievalRow) => row.accuracy5nn },
  { label: 'P@100', figureOf: (row: LabRetrievalRow) => row.precisionAt100 },
  { label: 'mAP', figureOf: (row: LabRetrievalRow) => row.meanAveragePrecision },
] as const;

export function retrievalSection({ queries, database, rows }: LabRetrieval): Markup | undefined {
  if (rows.length === 0) return undefined;
  const best = RETRIEVAL_COLUMNS.map(({ figureOf }) => Math.max(...rows.map(figureOf)));
  return markup`<section id="retrieval">
<h2>Finding pictures of the same kind</h2>
<p>${countText(queries)} test pictures asked among ${countText(database)} training pictures; a hit is right when it bears the label of the query. The best of each column is bold.</p>
<div class="beside">
<div class="scroll" tabindex="0" role="region" aria-label="Retrieval"><table>
<thead><tr><th scope="col">code</th><th scope="col">size</th><th scope="col">bytes</th>${RETRIEVAL_COLUMNS.map(({ label }) => markup`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (
    row,
  ) => markup`<tr><th scope="row"><span class="dot ${row.kind}"></span>${row.name}</th><td>${countText(row.size)} ${row.unit}</td><td>${countText(bytesOf(row))}</td>${RETRIEVAL_COLUMNS.map(
    ({ figureOf }, column) => {
      const figure = shareText(figureOf(row));
      return figureOf(row) === best[column]
        ? markup`<td class="best"><strong>${figure}</strong></td>`
        : markup`<td>${figure}</td>`;
    },
  )}</tr>
`,
)}</tbody>
</table></div>
<figure><figcaption>mAP<span><span class="line"><i style="background:var(--m0)"></i>auto-encoder</span><span class="line"><i style="background:var(--m1)"></i>baseline</span></span></figcaption>${retrievalChart(rows)}</figure>
</div>
</section>`;
}

function bytesOf({ size, unit }: LabRetrievalRow): number {
  return unit === 'bits' ? Math.ceil(size / 8) : size * 4;
}

export function stackedSection(stacked: LabStacked): Markup {
  const { architecture, pretraining, pretrainingSeconds, pretrained, fromScratch } = stacked;
  const least = Math.min(pretrained.testError, fromScratch.testError);
  const line = (name: string, { testError, lossPerEpoch, seconds }: LabStacked['pretrained'], before?: number) =>
    markup`<tr><th scope="row">${name}</th><td>${countText(lossPerEpoch.length)}</td><td>${before === undefined ? '–' : timeText(before)}</td><td>${timeText(seconds)}</td>${errorCell(testError, testError === least)}</tr>
`;
  return markup`<section id="stacked">
<h2>Layer by layer, or all at once?</h2>
<p>The same net (${architecture}) twice: once each layer was trained alone, as an auto-encoder of what the layer before it gives, and then all were fine-tuned together; once all were trained together from random weights.</p>
<div class="beside">
<div class="scroll" tabindex="0" role="region" aria-label="Pre-trained and from scratch"><table>
<thead><tr><th scope="col">net</th><th scope="col">epochs together</th><th scope="col">pre-training</th><th scope="col">together</th><th scope="col">test error</th></tr></thead>
<tbody>
${line('pre-trained', pretrained, pretrainingSeconds)}${line('from scratch', fromScratch)}</tbody>
</table></div>
<figure><figcaption>All layers together<span>${keys(['pre-trained', 'from scratch'])}</span></figcaption>${stackedChart(stacked)}</figure>
${
  pretraining.length === 0
    ? undefined
    : markup`<figure><figcaption>Layer by layer<span>${keys(
        pretraining.map(({ name }) => name),
      )}</span></figcaption>${curvesChart('Loss of each layer in pre-training', pretraining)}</figure>`
}
</div>
</section>`;
}

function keys(names: readonly string[]): Markup[] {
  return names.map(
    (name, place) => markup`<span class="line"><i style="background:${curveColour(place)}"></i>${name}</span>`,
  );
}
