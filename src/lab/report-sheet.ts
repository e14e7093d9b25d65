// A sheet of pictures in the page, with the names of its lines beside them.
import { type Markup, markup } from '../compare/markup.ts';
import type { LabSheet } from './results.ts';

const BASE64 = /^[A-Za-z0-9+/]+=*$/;
/** Of every PNG: the signature and the header's length and name, 16 bytes; then width and height. */
const PNG_START = '89504e470d0a1a0a0000000d49484452';

/** A figure; a sheet that is no PNG is said to be missing. */
export function sheetFigure({ title, caption, png, bands, blocks = 1 }: LabSheet): Markup {
  const size = pngSize(png);
  const head = markup`<figcaption>${title}<span>${caption}</span></figcaption>`;
  if (size === undefined)
    return markup`<figure class="sheet">${head}<p class="none">This sheet is no PNG picture.</p></figure>`;
  const lines = Array.from({ length: blocks }, () => bands).flat();
  const alt = bands.length === 0 ? title : `${title}. Lines from above: ${bands.join(', ')}.`;
  return markup`<figure class="sheet">${head}<div class="lines">${
    lines.length === 0
      ? undefined
      : markup`<div class="bands" aria-hidden="true">${lines.map((band) => markup`<span>${band}</span>`)}</div>`
  }<img src="${`data:image/png;base64,${png}`}" width="${size.width}" height="${size.height}" alt="${alt}"></div></figure>`;
}

function pngSize(png: string): { width: number; height: number } | undefined {
  if (!BASE64.test(png)) return undefined;
  const start = Buffer.from(png.slice(0, 32), 'base64');
  if (start.length < 24 || start.subarray(0, 16).toString('hex') !== PNG_START) return undefined;
  return { width: start.readUInt32BE(16), height: start.readUInt32BE(20) };
}
