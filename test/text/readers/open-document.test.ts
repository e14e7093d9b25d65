// OpenDocument texts, sheets and slides.
import { describe, expect, test } from '@jest/globals';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import { makeZip, type ZipPart } from './make-zip.ts';
import { makeOpenDocument } from './office-parts.ts';

const refused = (code: string) => expect.objectContaining({ code });
const read = (body: string, styles = '', ...parts: readonly ZipPart[]) =>
  readOfficeDocument('odt', makeOpenDocument('text', body, styles, ...parts), 'a.odt');

describe('OpenDocuments that cannot be read', () => {
  const locked = {
    name: 'META-INF/manifest.xml',
    content: '<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>',
  };

  test.each([
    ['no archive', Buffer.from('x'), 'DOCUMENT_BROKEN'],
    ['no content', makeZip([{ name: 'meta.xml', content: '<a/>' }]), 'DOCUMENT_BROKEN'],
    ['one behind a password', makeOpenDocument('text', '\x01\x02', '', locked), 'DOCUMENT_ENCRYPTED'],
    ['one without a word', makeOpenDocument('text', '<text:p/>'), 'FILE_EMPTY'],
    [
      'pictures alone',
      makeOpenDocument('text', '<text:p/>', '', { name: 'Pictures/a.png', content: 'x' }),
      'DOCUMENT_WITHOUT_TEXT',
    ],
  ])('%s', async (_, bytes, code) => {
    await expect(readOfficeDocument('odt', bytes, 'a.odt')).rejects.toEqual(refused(code));
  });
});

describe('texts', () => {
  test('paragraphs, headings, spaces, tabs, line breaks', async () => {
    const { text, title } = await read(
      '<text:h>The  head</text:h>\n  <text:p> one\n  two<text:s text:c="3"/>three<text:tab/>four<text:line-break/>five</text:p>' +
        '<text:list><text:list-item><text:p>un<text:span>bro</text:span>ken</text:p></text:list-item></text:list>',
    );
    expect({ text, title }).toEqual({ text: 'The head\none two three\tfour\nfive\nunbroken', title: 'The head' });
  });

  test('rows are lines, cells have tabs between them', async () => {
    const cell = (text: string) => `<table:table-cell><text:p>${text}</text:p></table:table-cell>`;
    const row = (...cells: string[]) => `<table:table-row>${cells.map(cell).join('')}</table:table-row>`;
    expect((await read(`<table:table>${row('a', 'b')}${row('c', 'd')}</table:table><text:p>e</text:p>`)).text).toBe(
      'a\tb\nc\td\ne',
    );
  });

  test('deleted and hidden text is not read', async () => {
    const body =
      '<text:tracked-changes><text:changed-region><text:deletion><text:p>no1</text:p></text:deletion></text:changed-region>' +
      '</text:tracked-changes><text:p>seen <text:span text:style-name="T1">no2</text:span><text:hidden-text>no3</text:hidden-text></text:p>' +
      '<text:section text:display="none"><text:p>no4</text:p></text:section>';
    const styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>';
    expect((await read(body, styles)).text).toBe('seen');
  });

  test('notes and comments follow, text boxes come after their paragraph', async () => {
    const body =
      '<text:p>one<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>the note</text:p></text:note-body></text:note>' +
      '<draw:frame><draw:text-box><text:p>in the box</text:p></draw:text-box></draw:frame> two' +
      '<office:annotation><dc:creator>Ann</dc:creator><text:p>a remark</text:p></office:annotation></text:p><text:p>three</text:p>';
    expect((await read(body)).text).toBe('one two\nin the box\nthree\nthe note\na remark');
  });

  test('headers and footers are read once, formulas too', async () => {
    const styles =
      '<s><style:header><text:p>head</text:p></style:header><style:footer><text:p>head</text:p></style:footer></s>';
    const math =
      '<math><semantics><mrow><mi>E</mi><mo>=</mo><mi>mc</mi></mrow><annotation>no</annotation></semantics></math>';
    const { text } = await read(
      '<text:p>body <draw:object xlink:href="./Object 1"/></text:p>',
      '',
      { name: 'styles.xml', content: styles },
      { name: 'Object 1/content.xml', content: math },
    );
    expect(text).toBe('body\nE=mc\nhead');
  });

  test('what the file says of itself', async () => {
    const meta =
      '<office:meta><dc:title>T</dc:title><meta:initial-creator>Ann</meta:initial-creator><dc:creator>Bob</dc:creator>' +
      '<dc:date>2020-05-06T07:08:09.123456</dc:date><dc:language>de</dc:language>' +
      '<meta:document-statistic meta:page-count="7"/></office:meta>';
    const { text: _, ...said } = await read('<text:p>x</text:p>', '', { name: 'meta.xml', content: meta });
    expect(said).toEqual({
      title: 'T',
      author: 'Ann',
      date: '2020-05-06T07:08:09',
      language: 'de',
      pages: 7,
      format: 'odt',
    });
  });
});

test('sheets have their names, cells that are covered are left out', async () => {
  const body =
    '<table:table table:name="Income"><table:table-row><table:table-cell table:number-rows-repeated="9"><text:p>a</text:p></table:table-cell>' +
    '<table:covered-table-cell><text:p>no</text:p></table:covered-table-cell><table:table-cell><text:p>1.50</text:p></table:table-cell>' +
    '</table:table-row></table:table>';
  const { text, format } = await readOfficeDocument('ods', makeOpenDocument('spreadsheet', body), 'a.ods');
  expect({ text, format }).toEqual({ text: 'Income\na\t1.50', format: 'ods' });
});

test('slides are read in their order, with their notes', async () => {
  const page = (text: string) =>
    `<draw:page><draw:frame><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame>` +
    `<presentation:notes><draw:frame><draw:text-box><text:p>say ${text}</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>`;
  const bytes = makeOpenDocument('presentation', page('one') + page('two'));
  expect((await readOfficeDocument('odp', bytes, 'a.odp')).text).toBe('one\nsay one\ntwo\nsay two');
});
