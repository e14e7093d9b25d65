// The tables of the HTML report.
import type { Interval } from './figures.ts';
import { type Markup, markup } from './markup.ts';
import type { ComparisonReport, MethodReport } from './report.ts';

/** One figure of a report: its name, what it means, and how to find it. */
export interface FigureColumn {
  readonly label: string;
  /** In a few words, under a chart. */
  readonly meaning: string;
  /** In full. */
  readonly definition: string;
  figureOf(method: MethodReport): { readonly value: number; readonly interval: Interval };
}

/** The figures that matter under the report's protocol. */
export function figureColumns({ protocol }: ComparisonReport): FigureColumn[] {
  const mrr: FigureColumn = {
    label: 'MRR',
    meaning: 'mean reciprocal rank',
    definition:
      protocol === 'label-free'
        ? 'Mean reciprocal rank: 1 when the original comes first, ½ when second, ⅓ when third; its mean over all copies.'
        : 'Mean reciprocal rank: 1 when the first hit is of the class of the query, ½ when the second is the first that is, …',
    figureOf: ({ mrr, intervals }) => ({ value: mrr, interval: intervals.mrr }),
  };
  if (protocol === 'label-free') {
    return [
      ...(['1', '10', '100'] as const).map((k) => ({
        label: `found@${k}`,
        meaning: k === '1' ? 'the original comes first' : `the original is among the first ${k}`,
        definition: `Share of copies whose original is among the first ${k} (recall@${k}).`,
        figureOf: ({ recallAt, intervals }: MethodReport) => ({ value: recallAt[k], interval: intervals.recallAt[k] }),
      })),
      mrr,
    ];
  }
  return [
    ...(['1', '10', '100'] as const).map((k) => ({
      label: `P@${k}`,
      meaning: k === '1' ? 'the first hit is of the right class' : `share of the first ${k} of the right class`,
      definition: `Precision@${k}: share of the first ${k} that are of the class of the query.`,
      figureOf: ({ precisionAt, intervals }: MethodReport) => ({
        value: precisionAt[k],
        interval: intervals.precisionAt[k],
      }),
    })),
    {
      label: 'R@100',
      meaning: 'share of the class within the first 100',
      definition: 'Recall@100: share of all items of the class of the query that are among the first 100.',
      figureOf: ({ recallAt, intervals }) => ({ value: recallAt['100'], interval: intervals.recallAt['100'] }),
    },
    {
      label: 'mAP',
      meaning: 'mean average precision',
      definition:
        'Mean average precision: the precision at the rank of every item of the class, averaged; 1 when the whole class comes first.',
      figureOf: ({ map, intervals }) => ({ value: map, interval: intervals.map }),
    },
    mrr,
  ];
}

/** All figures of all methods, with their costs. */
export function resultTable(report: ComparisonReport, marks: readonly Markup[]): Markup {
  const columns = figureColumns(report);
  const best = columns.map(({ figureOf }) => Math.max(...report.methods.map((method) => figureOf(method).value)));
  return markup`<div class="scroll"><table>
<thead><tr><th scope="col">method</th>${columns.map(({ label }) => markup`<th scope="col">${label}</th>`)}<th scope="col">bytes/item</th><th scope="col">ms/query</th></tr></thead>
<tbody>
${report.methods.map(
  (method, place) => markup`<tr><th scope="row">${named(method.method, marks[place])}</th>${columns.map(
    ({ figureOf }, column) => figureCell(figureOf(method), best[column]!),
  )}<td>${Math.round(method.bytesPerItem).toLocaleString('en')}</td><td>${milliseconds(method.msPerQuery)}</td></tr>
`,
)}</tbody>
</table></div>`;
}

/** Mean reciprocal rank by what was held out from training: a line a method. */
export function groupTable({ methods }: ComparisonReport, marks: readonly Markup[]): Markup {
  const groups = methods[0]?.groups ?? [];
  const head = (group: (typeof groups)[number]): Markup =>
    markup`<th scope="col">${group.heldOutItems ? 'new files' : 'files of the training set'}<small>${
      group.heldOutKinds ? 'new corruptions' : 'practised corruptions'
    }, ${group.queries.toLocaleString('en')} ${group.queries === 1 ? 'copy' : 'copies'}</small></th>`;
  const best = groups.map((_, place) => Math.max(...methods.map((method) => method.groups?.[place]?.mrr ?? 0)));
  return markup`<div class="scroll"><table>
<thead><tr><th scope="col">method</th>${groups.map(head)}</tr></thead>
<tbody>
${methods.map(
  (method, row) => markup`<tr><th scope="row">${named(method.method, marks[row])}</th>${groups.map((_, place) => {
    const figures = method.groups![place]!;
    return figureCell({ value: figures.mrr, interval: figures.intervals.mrr }, best[place]!);
  })}</tr>
`,
)}</tbody>
</table></div>`;
}

/** Mean reciprocal rank by kind of corruption: a line a method, the higher the darker. For more methods than a chart holds. */
export function kindTable({ methods }: ComparisonReport, marks: readonly Markup[]): Markup {
  const kinds = [...(methods[0]?.perKind ?? [])].sort((a, b) => Number(a.seen) - Number(b.seen));
  const rankIn = (method: MethodReport, kind: string): number =>
    method.perKind?.find((other) => other.kind === kind)?.mrr ?? 0;
  const best = new Map(kinds.map(({ kind }) => [kind, Math.max(...methods.map((method) => rankIn(method, kind)))]));
  return markup`<div class="scroll"><table class="heat">
<thead><tr><th scope="col">method</th>${kinds.map(
    ({ kind, seen }) =>
      markup`<th scope="col"><bdi>${kind}</bdi><small>${seen ? 'practised' : 'held out'}</small></th>`,
  )}</tr></thead>
<tbody>
${methods.map(
  (method, row) => markup`<tr><th scope="row">${named(method.method, marks[row])}</th>${kinds.map(({ kind }) => {
    const mrr = rankIn(method, kind);
    const style = `--share:${Math.round(100 * mrr)}%`;
    return mrr === best.get(kind) && mrr > 0
      ? markup`<td class="best" style="${style}">${mrr.toFixed(3)}</td>`
      : markup`<td style="${style}">${mrr.toFixed(3)}</td>`;
  })}</tr>
`,
)}</tbody>
</table></div>`;
}

/** A method's name beside the mark it has in all charts. */
export function named(method: string, mark: Markup | undefined): Markup {
  return markup`<span class="method">${mark}<bdi>${method}</bdi></span>`;
}

function figureCell({ value, interval }: { value: number; interval: Interval }, best: number): Markup {
  const cell = markup`${value.toFixed(3)}<small>${interval[0].toFixed(3)}–${interval[1].toFixed(3)}</small>`;
  return value === best && best > 0 ? markup`<td class="best">${cell}</td>` : markup`<td>${cell}</td>`;
}

function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0);
}
