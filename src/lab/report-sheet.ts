// A sheet of pictures in the page, with the names of its lines beside them.
import { type Markup, markup } from '../compare/markup.ts';
import type { LabSheet } from './results.ts';

const BASE64 = /^[A-Za-z0-9+/]+=*$/;
/** Of every PNG: the signature and the header's length and name, 16 bytes; then width and height. */
const PNG_START = '89504e470d0a1a0a0000000d49484452';

/** All of a section, two beside one another where there is room. */
export function sheetGrid(sheets: readonly LabSheet[]): Markup | undefined {
  return sheets.length === 0 ? undefined : markup`<div class="sheets">${sheets.map(sheetFigure)}</div>`;
}

/** A figure; a sheet that is no PNG is said to be missing. */
function sheetFigure({ title, caption, png, bands, blocks = 1 }: LabSheet): Markup {
  const size = pngSize(png);
  const head = markup`<figcaption>${title}<span>${caption}</span></figcaption>`;
  if (size === undefined)
    return markup`<figure class="sheet">${head}<p class="none">This sheet is no PNG picture.</p></figure>`;
  const alt = bands.length === 0 ? title : `${title}. Lines from above: ${bands.join(', ')}.`;
  return markup`<figure class="sheet">${head}<div class="lines">${
    bands.length === 0 ? undefined : markup`<div class="bands" aria-hidden="true">${lineNames(bands, blocks)}</div>`
  }<img src="${`data:image/png;base64,${png}`}" width="${size.width}" height="${size.height}" alt="${alt}"></div></figure>`;
}

/** A name beside every line; where there is no room beside the picture, each name once above it. */
function lineNames(bands: readonly string[], blocks: number): Markup[] {
  return Array.from({ length: blocks * bands.length }, (_, line) =>
    line < bands.length
      ? markup`<span>${bands[line]}</span>`
      : markup`<span class="again">${bands[line % bands.length]}</span>`,
  );
}

function pngSize(png: string): { width: number; height: number } | undefined {
  if (!BASE64.test(png)) return undefined;
  const start = Buffer.from(png.slice(0, 32), 'base64');
  if (start.length < 24 || start.subarray(0, 16).toString('hex') !== PNG_START) return undefined;
  return { width: start.readUInt32BE(16), height: start.readUInt32BE(20) };
}
