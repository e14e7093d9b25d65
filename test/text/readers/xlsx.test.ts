// Excel sheets.
import { describe, expect, test } from '@jest/globals';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import { makeOle } from './make-ole.ts';
import { makeZip, type ZipPart } from './make-zip.ts';
import { relationsOf } from './office-parts.ts';

const WORKBOOK =
  '<workbook><sheets><sheet name="First" sheetId="1" r:id="r1"/><sheet name="Gone" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>';

function makeXlsx(
  rows: string,
  { workbook = WORKBOOK, strings = '', styles = '', parts = [] as readonly ZipPart[] } = {},
): Buffer {
  return makeZip([
    { name: 'xl/workbook.xml', content: workbook },
    relationsOf('xl/workbook.xml', {
      r1: ['worksheet', 'worksheets/sheet1.xml'],
      r2: ['worksheet', 'worksheets/sheet2.xml'],
      r3: ['sharedStrings', 'sharedStrings.xml'],
      r4: ['styles', 'styles.xml'],
    }),
    { name: 'xl/worksheets/sheet1.xml', content: `<worksheet><sheetData>${rows}</sheetData></worksheet>` },
    { name: 'xl/worksheets/sheet2.xml', content: '<worksheet><row><c t="str"><v>hidden</v></c></row></worksheet>' },
    { name: 'xl/sharedStrings.xml', content: `<sst>${strings}</sst>` },
    { name: 'xl/styles.xml', content: `<styleSheet>${styles}</styleSheet>` },
    ...parts,
  ]);
}

const read = (bytes: Uint8Array) => readOfficeDocument('xlsx', bytes, 'a.xlsx');
const refused = (code: string) => expect.objectContaining({ code });

test.each([
  ['no archive', Buffer.from('x'), 'DOCUMENT_BROKEN'],
  ['an archive without a workbook', makeZip([{ name: 'a', content: 'x' }]), 'DOCUMENT_BROKEN'],
  ['one behind a password', makeOle(['EncryptedPackage']), 'DOCUMENT_ENCRYPTED'],
  ['empty cells', makeXlsx('<row><c/></row>'), 'FILE_EMPTY'],
])('%s is refused', async (_, bytes, code) => {
  await expect(read(bytes)).rejects.toEqual(refused(code));
});

describe('cells', () => {
  test('strings, numbers and truth, as they are shown', async () => {
    const strings = '<si><t>shared</t></si><si><r><t>in </t></r><r><t>pieces</t></r><rPh><t>no</t></rPh></si>';
    const rows =
      '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>in\n line</t></is></c></row>' +
      '<row><c><f>A1*2</f><v>0.30000000000000004</v></c><c t="b"><v>1</v></c><c t="str"><f>B</f><v>result</v></c><c t="s"><v>99</v></c></row>';
    const { text, format } = await read(makeXlsx(rows, { strings }));
    expect({ text, format }).toEqual({ text: 'First\nshared\tin pieces\tin line\n0.3\tTRUE\tresult', format: 'xlsx' });
  });

  test('dates, times and percentages, by the formats of cells', async () => {
    const styles =
      '<numFmts><numFmt numFmtId="164" formatCode="[$-409]d\\-mmm\\-yyyy h:mm"/><numFmt numFmtId="165" formatCode="&quot;day&quot; 0.0"/>' +
      '<numFmt numFmtId="166" formatCode="mmmm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
      '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/><xf numFmtId="20"/><xf numFmtId="166"/></cellXfs>';
    const cell = (style: number, value: string) => `<c s="${style}"><v>${value}</v></c>`;
    const rows = `<row>${cell(1, '45322')}${cell(2, '45322.5')}${cell(3, '7')}${cell(4, '0.125')}${cell(5, '0.75')}${cell(6, '1')}${cell(0, '45322')}</row>`;
    expect((await read(makeXlsx(rows, { styles }))).text).toBe(
      'First\n2024-01-31\t2024-01-31 12:00\t7\t12.5%\t18:00\t1900-01-01\t45322',
    );
  });

  test('dates that are counted from 1904', async () => {
    const workbook = WORKBOOK.replace('<sheets>', '<workbookPr date1904="1"/><sheets>');
    const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>';
    expect((await read(makeXlsx('<row><c><v>1</v></c></row>', { workbook, styles }))).text).toBe('First\n1904-01-02');
  });

  test('comments and shapes follow the sheet', async () => {
    const parts = [
      relationsOf('xl/worksheets/sheet1.xml', {
        a: ['comments', '../comments1.xml'],
        b: ['drawing', '../drawings/d.xml'],
      }),
      {
        name: 'xl/comments1.xml',
        content: '<comments><comment><text><r><t>a </t></r><r><t>remark</t></r></text></comment></comments>',
      },
      { name: 'xl/drawings/d.xml', content: '<xdr:wsDr><a:p><a:r><a:t>a shape</a:t></a:r></a:p></xdr:wsDr>' },
    ];
    expect((await read(makeXlsx('<row><c t="str"><v>x</v></c></row>', { parts }))).text).toBe(
      'First\nx\na remark\na shape',
    );
  });
});
