// Office documents made by hand: the parts around those that a test is about.
import { makeZip, type ZipPart } from './make-zip.ts';

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** A part with relations: `{ rId1: ['header', 'header1.xml'] }`. */
export function relationsOf(
  path: string,
  relations: Readonly<Record<string, readonly [type: string, target: string]>>,
): ZipPart {
  const [folder = '', name = ''] = path.split(/\/(?=[^/]*$)/);
  const list = Object.entries(relations)
    .map(([id, [type, target]]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`)
    .join('');
  return { name: `${folder}/_rels/${name}.rels`, content: `<Relationships xmlns="${PACKAGE}">${list}</Relationships>` };
}

/** A Word document with this body. */
export function makeDocx(body: string, ...parts: readonly ZipPart[]): Buffer {
  const content =
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' +
    `${body}</w:body></w:document>`;
  return makeZip([{ name: 'word/document.xml', content }, ...parts]);
}

/** A paragraph of a Word document with one run. */
export function paragraph(text: string, properties = ''): string {
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

/** An OpenDocument with this body: `text`, `spreadsheet` or `presentation`. */
export function makeOpenDocument(kind: string, body: string, styles = '', ...parts: readonly ZipPart[]): Buffer {
  const content =
    '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:draw="d">' +
    `<office:automatic-styles>${styles}</office:automatic-styles><office:body><office:${kind}>${body}</office:${kind}>` +
    '</office:body></office:document-content>';
  return makeZip([{ name: 'content.xml', content }, ...parts]);
}
