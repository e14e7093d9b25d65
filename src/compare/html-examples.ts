// The example queries of the HTML report: one query, a column a method.
import type { ComparisonExample, ExampleHit } from './examples.ts';
import { named } from './html-tables.ts';
import { type Markup, markup } from './markup.ts';
import type { MethodStyle } from './method-styles.ts';
import type { Preview } from './preview.ts';
import type { ComparisonReport } from './report.ts';

/** Pictures a page may hold: anything else in a preview is not shown. */
const PICTURE = /^data:image\/(?:png|jpeg|webp|gif|avif|bmp);base64,[A-Za-z0-9+/]+=*$/;

export function exampleSection(
  examples: readonly ComparisonExample[],
  report: ComparisonReport,
  styles: readonly MethodStyle[],
  marks: readonly Markup[],
): Markup {
  const known = report.protocol === 'label-free';
  return markup`<section>
<h2>Side by side</h2>
<p>The same query, the first hits of each method. <span class="tag good">✓ ${goodWord(known)}</span> is what one hopes for; <span class="tag only">only here</span> no other method shows.</p>
${examples.map((example) => exampleCard(example, known, styles, marks, report))}
</section>`;
}

function exampleCard(
  { why, query, columns }: ComparisonExample,
  known: boolean,
  styles: readonly MethodStyle[],
  marks: readonly Markup[],
  report: ComparisonReport,
): Markup {
  const column = (place: number): Markup | undefined => {
    const found = columns.find(({ method }) => method === report.methods[place]!.method);
    return found && methodColumn(found, known, marks[place]);
  };
  const places = [...report.methods.keys()];
  const others = places.filter((place) => !styles[place]!.standsOut);
  return markup`<article class="example">
<div class="asked">${picture(query.preview)}<div>
<p class="why">${why}</p>
<p class="path"><bdi>${query.path}</bdi></p>
<p class="note">${query.note}</p>
${snippet(query.preview)}</div></div>
<div class="columns">
${places.filter((place) => styles[place]!.standsOut).map(column)}</div>
${
  others.length === 0
    ? undefined
    : markup`<details><summary>${others.length} other methods</summary><div class="columns">
${others.map(column)}</div></details>
`
}</article>
`;
}

function methodColumn(
  { method, rank, hits }: ComparisonExample['columns'][number],
  known: boolean,
  mark: Markup | undefined,
): Markup {
  return markup`<div class="column">
<h3>${named(method, mark)}<span>${rankWords(rank, known)}</span></h3>
${hits.length === 0 ? markup`<p class="none">Nothing to compare in this query.</p>` : markup`<ol>${hits.map((hit, place) => hitItem(hit, place + 1, known))}</ol>`}
</div>
`;
}

function hitItem({ path, preview, score, relevant, onlyHere }: ExampleHit, rank: number, known: boolean): Markup {
  const body = markup`${picture(preview)}<div>
<p class="path"><bdi>${path}</bdi></p>
${snippet(preview)}<p class="marks"><span>${rank} · ${score.toFixed(3)}</span>${
    relevant ? markup`<span class="tag good">✓ ${goodWord(known)}</span>` : undefined
  }${onlyHere ? markup`<span class="tag only">only here</span>` : undefined}</p>
</div>`;
  return relevant ? markup`<li class="hit relevant">${body}</li>` : markup`<li class="hit">${body}</li>`;
}

function rankWords(rank: number | undefined, known: boolean): string {
  const what = known ? 'original' : 'first of its class';
  return rank === undefined ? `${what} not found` : `${what} at ${rank.toLocaleString('en')}`;
}

function goodWord(known: boolean): string {
  return known ? 'original' : 'same class';
}

function picture({ thumbnail }: Preview): Markup | undefined {
  if (thumbnail === undefined || !PICTURE.test(thumbnail)) return undefined;
  return markup`<img src="${thumbnail}" alt="" loading="lazy">`;
}

function snippet({ snippet }: Preview): Markup | undefined {
  const words = snippet?.replace(/\s+/gu, ' ').trim();
  return words ? markup`<p class="snippet" dir="auto">${words}</p>` : undefined;
}
