// A section for each kind of auto-encoder: its layers, how it learned, what it makes of the test pictures.
import { type Markup, markup } from '../compare/markup.ts';
import { architectureDrawing } from './report-architecture.ts';
import { curveColour, curvesChart, lossChart } from './report-charts.ts';
import { countText, errorText, mean, timeText } from './report-format.ts';
import { sheetGrid } from './report-sheet.ts';
import type { LabResults, LabRun, LabSheet } from './results.ts';

export interface RunFamily {
  readonly id: string;
  readonly title: string;
  readonly runs: readonly LabRun[];
}

/** Runs that share a section, in the order of their first ones. */
export function familiesOf(runs: readonly LabRun[]): RunFamily[] {
  const families = new Map<string, LabRun[]>();
  for (const run of runs) {
    const title = run.family ?? run.title;
    families.set(title, [...(families.get(title) ?? []), run]);
  }
  return [...families].map(([title, members], place) => ({ id: `family-${place + 1}`, title, runs: members }));
}

export function familySection({ id, title, runs }: RunFamily, sheets: readonly LabSheet[]): Markup {
  const words = [...new Set(runs.map(({ shows }) => shows))];
  const shared = words.length === 1;
  return markup`<section id="${id}">
<h2>${title}</h2>
${shared ? markup`<p>${words}</p>` : undefined}
${runs.map((run) => runArticle(run, sheets, { heading: runs.length > 1, words: !shared }))}
</section>`;
}

function runArticle(
  run: LabRun,
  sheets: readonly LabSheet[],
  { heading, words }: { heading: boolean; words: boolean },
): Markup {
  const { lossTerms = [] } = run;
  return markup`<article class="run">
${heading ? markup`<h3>${run.title}</h3>` : undefined}${words ? markup`<p>${run.shows}</p>` : undefined}
<dl class="facts">
${facts(run).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>
<div class="charts">
<figure><figcaption>Layers<span>${run.architecture}</span></figcaption>${architectureDrawing(run)}</figure>
<figure><figcaption>Loss<span>${run.loss}</span></figcaption>${lossLegend(run)}${lossChart(run)}</figure>
${
  lossTerms.length === 0
    ? undefined
    : markup`<figure><figcaption>Parts of the loss<span>${lossTerms.map(
        ({ name }, place) => markup`<span class="line"><i style="background:${curveColour(place)}"></i>${name}</span>`,
      )}</span></figcaption>${curvesChart(`Parts of the loss of ${run.name}`, lossTerms)}</figure>`
}
</div>
${sheetGrid(sheets.filter((sheet) => sheet.run === run.name))}
</article>
`;
}

function lossLegend({ validationLossPerEpoch, lossPerStep }: LabRun): Markup {
  return markup`<p class="keys"><span class="line"><i style="background:var(--m0)"></i>training</span>${
    validationLossPerEpoch && markup`<span class="line"><i style="background:var(--m1)"></i>validation</span>`
  }${lossPerStep && markup`<span class="line"><i class="thin"></i>single steps</span>`}</p>`;
}

function facts(run: LabRun): [string, string][] {
  const found: [string, string][] = [
    ['recipe', run.name],
    ['parameters', countText(run.parameters)],
    ['code', `${countText(run.codeSize)} ${run.codeUnit}`],
    ['training', `${countText(run.epochs)} epochs, batches of ${countText(run.batchSize)}`],
    ['optimizer', run.optimizer],
    ['time of an epoch', timeText(mean(run.secondsPerEpoch))],
  ];
  if (run.testError !== undefined) found.push(['test error', errorText(run.testError)]);
  if (run.noisyError !== undefined) found.push(['error of the noisy input', errorText(run.noisyError)]);
  const { validationLossPerEpoch: validation = [] } = run;
  if (validation.length > 0) {
    const best = validation.indexOf(Math.min(...validation)) + 1;
    found.push(['validation loss lowest', best === validation.length ? 'in the last epoch' : `in epoch ${best}`]);
  }
  return found;
}

/** Every run in a line, the fastest to read overview. */
export function runTable({ runs }: LabResults, families: readonly RunFamily[]): Markup {
  const placeOf = (run: LabRun) => families.find((family) => family.runs.includes(run))!.id;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="All runs"><table>
<thead><tr><th scope="col">recipe</th><th scope="col">parameters</th><th scope="col">code</th><th scope="col">epochs</th><th scope="col">an epoch</th><th scope="col">last loss</th><th scope="col">test error</th></tr></thead>
<tbody>
${runs.map(
  (
    run,
  ) => markup`<tr><th scope="row"><a href="#${placeOf(run)}">${run.name}</a></th><td>${countText(run.parameters)}</td><td>${countText(run.codeSize)} ${run.codeUnit}</td><td>${countText(run.epochs)}</td><td>${timeText(mean(run.secondsPerEpoch))}</td><td>${errorText(run.lossPerEpoch.at(-1) ?? Number.NaN)}</td><td>${run.testError === undefined ? '–' : errorText(run.testError)}</td></tr>
`,
)}</tbody>
</table></div>`;
}
