// The HTML of a sheet of duplicates: a card a group, its pictures side by side, the differences below them.
import { htmlPage } from '../compare/html-page.ts';
import { type Markup, markup } from '../compare/markup.ts';
import type { PictureEvidence } from '../duplicates/confirm-pictures.ts';
import type { TextEvidence } from '../duplicates/confirm-texts.ts';
import type { Relation } from '../duplicates/relation.ts';
import { RELATION_WORDS } from '../duplicates/relation-words.ts';
import type { Kind } from '../features/feature.ts';
import { SHEET_STYLE } from './duplicate-sheet-style.ts';
import type { DuplicateFile, Duplicates } from './duplicates-result.ts';
import type { DrawnDifference } from './picture-check-worker.ts';

/** A file as it is shown. */
export interface SheetPicture extends Partial<DuplicateFile> {
  readonly path: string;
  readonly hash: string;
  /** A JPEG. */
  readonly thumbnail?: Uint8Array;
  /** Why there is none. */
  readonly problem?: string;
  /** The beginning of a document. */
  readonly snippet?: string;
}

export interface SheetCopy extends SheetPicture {
  readonly relation: Relation;
  readonly probability: number;
  readonly evidence?: PictureEvidence | TextEvidence;
  /** The evidence is about the copy first and the file to keep second. */
  readonly isTurned: boolean;
  readonly difference?: DrawnDifference;
}

export interface SheetGroup {
  readonly kind: Kind;
  /** Why the first is to be kept; absent for a pair that is in no group. */
  readonly why?: string;
  /** Of the copies. */
  readonly bytes?: number;
  readonly first: SheetPicture;
  readonly copies: readonly SheetCopy[];
  /** Copies that are not shown. */
  readonly left: number;
}

const LEGEND = markup`<p class="legend key"><span><i class="swatch red"></i>shows something else</span><span><i class="swatch stripes"></i>not in the copy</span><span>pale: the same</span></p>`;

/** @param left groups and pairs that are not shown */
export function sheetPage(found: Duplicates, groups: readonly SheetGroup[], left: number): string {
  const copies = found.groups.reduce((sum, { files }) => sum + files.length - 1, 0);
  const size = found.groups.reduce((sum, { bytes }) => sum + bytes, 0);
  const body = markup`<header>
<h1>sandglass duplicates</h1>
<p class="headline">${headline(found.groups.length, copies, size)}</p>
<p class="basis">${basis(found)}</p>
${found.notes.map((note) => markup`<p class="basis">${note}</p>\n`)}
${groups.some(({ copies }) => copies.some(({ difference }) => difference)) ? LEGEND : undefined}
</header>
<main>
${groups.map((group, number) => groupCard(group, number, found.groups.length))}
</main>
${left > 0 ? markup`<p class="basis">${some(left, 'more group')} ${left === 1 ? 'is' : 'are'} not shown.</p>` : undefined}
<footer><p>Nothing was moved. What is suggested goes into a plan with <code>sandglass duplicates --plan plan.json</code>; two files that are no duplicates are not listed again after <code>sandglass duplicates ignore A B</code>.</p></footer>`;
  return htmlPage({ title: 'Duplicates', style: SHEET_STYLE, body });
}

function headline(groups: number, copies: number, size: number): string {
  if (groups === 0) return 'There are no groups of duplicates.';
  return `${some(copies, 'copy', 'copies')} in ${some(groups, 'group')}: ${sizeText(size)} that ${copies === 1 ? 'is' : 'are'} there more than once.`;
}

function basis({ items, candidates, others, calibration }: Duplicates): string {
  const beside = others.length === 0 ? '' : ` ${some(others.length, 'pair')} beside the groups.`;
  const expected = calibration
    .filter(({ precision }) => precision !== undefined)
    .map(
      ({ kind, precision }) =>
        ` Of the listed pairs of ${kind === 'image' ? 'pictures' : 'documents'}, ${(Math.floor(1000 * precision!) / 10).toFixed(1)} % are expected to be right.`,
    );
  return `${some(items, 'file')}, ${some(candidates, 'pair')} looked at.${beside}${expected.join('')}`;
}

function groupCard(group: SheetGroup, number: number, groups: number): Markup {
  const { kind, why, bytes, first, copies, left } = group;
  const title = number < groups ? `Group ${number + 1}` : 'A pair beside the groups';
  const things = kind === 'image' ? 'picture' : 'document';
  const facts = [
    some(copies.length + left + 1, things),
    ...(bytes === undefined ? [] : [`${sizeText(bytes)} in copies`]),
  ];
  return markup`<article class="group">
<h2>${title} <span>${facts.join(' · ')}</span></h2>
<div class="files">
${fileFigure(first, why === undefined ? undefined : markup`<p class="verdict keep"><b>keep</b> ${why}</p>`)}
${copies.map((copy) => copyFigure(copy, kind))}
</div>
${left > 0 ? markup`<p class="none">${some(left, 'more copy', 'more copies')} not shown.</p>` : undefined}</article>
`;
}

function copyFigure(copy: SheetCopy, kind: Kind): Markup {
  const { relation, probability, difference } = copy;
  const verdict = markup`<p class="verdict"><b>${RELATION_WORDS[relation]}</b> ${probabilityText(probability)}</p>
<p class="note">${evidenceText(copy, kind)}</p>`;
  const drawn =
    difference === undefined
      ? undefined
      : markup`<img class="difference" alt="where it differs" src="${dataUri(difference.jpeg)}">`;
  return fileFigure(copy, verdict, drawn);
}

function fileFigure(file: SheetPicture, verdict: Markup | undefined, below?: Markup): Markup {
  const name = file.path.split(/[\\/]/).at(-1)!;
  const folder = file.path.slice(0, file.path.length - name.length);
  return markup`<figure class="file">
<div class="seen${file.snippet === undefined ? '' : ' text'}">${seen(file)}</div>
${verdict}
<p class="path"><bdi title="${file.path}"><small>${folder}</small>${name}</bdi></p>
<p class="note">${factsOf(file)}</p>
${below}
</figure>
`;
}

function seen({ thumbnail, problem, snippet }: SheetPicture): Markup {
  if (thumbnail !== undefined) return markup`<img alt="" src="${dataUri(thumbnail)}">`;
  if (snippet !== undefined) return markup`<p class="snippet" dir="auto">${snippet}</p>`;
  return markup`<p class="none">${problem ?? 'There is nothing to show of it.'}</p>`;
}

function factsOf({ width, height, words, format, size, modified }: SheetPicture): string {
  return [
    ...(width === undefined ? [] : [`${width} × ${height}`]),
    ...(words === undefined ? [] : [some(words, 'word')]),
    ...(format === undefined ? [] : [format]),
    ...(size === undefined ? [] : [sizeText(size)]),
    ...(modified === undefined ? [] : [modified.slice(0, 10)]),
  ].join(' · ');
}

function evidenceText({ evidence, difference, isTurned }: SheetCopy, kind: Kind): string | undefined {
  if (evidence === undefined) return undefined;
  if (kind === 'text') {
    const { ofFirst, ofSecond } = evidence as TextEvidence;
    const [ofKept, ofCopy] = isTurned ? [ofSecond, ofFirst] : [ofFirst, ofSecond];
    if (ofKept === 1 && ofCopy === 1) return undefined;
    return `${percent(ofCopy)} of its words stand in the first, ${percent(ofKept)} the other way round`;
  }
  const { turned, mirrored, ofFirst, ofSecond, negative, foreshortening } = evidence as PictureEvidence;
  const [ofKept, ofCopy] = isTurned ? [ofSecond, ofFirst] : [ofFirst, ofSecond];
  const away = Math.min(turned, 360 - turned);
  return [
    ...(mirrored ? ['mirrored'] : []),
    ...(away >= 1 ? [`turned by ${Math.round(away)}°`] : []),
    ...(negative ? ['negative'] : []),
    ...(foreshortening === undefined ? [] : ['seen from the side']),
    ...(ofKept < 0.97 ? [`shows ${percent(ofKept)} of the first`] : []),
    ...(ofCopy < 0.97 ? [`${percent(ofCopy)} of it is the first`] : []),
    ...(difference === undefined ? [] : [`${percent(difference.differing)} of it differs`]),
  ].join(', ');
}

function probabilityText(probability: number): string {
  if (probability === 1) return 'certain';
  return probability > 0.9995 ? 'p > 0.999' : `p ${probability.toFixed(3)}`;
}

/** Never rounded to nothing, nor to all. */
function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1\u00a0%';
  if (share < 1 && share > 0.995) return '>99\u00a0%';
  return `${Math.round(100 * share)}\u00a0%`;
}

function some(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function dataUri(jpeg: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
}
