// PowerPoint slides.
import { expect, test } from '@jest/globals';
import { readOfficeDocument } from '../../../src/text/readers/office.ts';
import { makeZip, type ZipPart } from './make-zip.ts';
import { relationsOf } from './office-parts.ts';

const shape = (type: string, ...texts: string[]) =>
  `<p:sp><p:nvSpPr><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:txBody>${texts
    .map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`)
    .join('')}</p:txBody></p:sp>`;

function makePptx(slides: readonly string[], ...parts: readonly ZipPart[]): Buffer {
  // the list of slides says their order, not their names
  const list = slides
    .map((_, index) => `<p:sldId id="${256 + index}" r:id="r${index}"/>`)
    .reverse()
    .join('');
  return makeZip([
    { name: 'ppt/presentation.xml', content: `<p:presentation><p:sldIdLst>${list}</p:sldIdLst></p:presentation>` },
    relationsOf(
      'ppt/presentation.xml',
      Object.fromEntries(slides.map((_, index) => [`r${index}`, ['slide', `slides/s${index}.xml`]])),
    ),
    ...slides.map((content, index) => ({ name: `ppt/slides/s${index}.xml`, content: `<p:sld>${content}</p:sld>` })),
    ...parts,
  ]);
}

const read = (bytes: Uint8Array) => readOfficeDocument('pptx', bytes, 'a.pptx');
const refused = (code: string) => expect.objectContaining({ code });

test.each([
  ['no archive', Buffer.from('x'), 'DOCUMENT_BROKEN'],
  ['an archive without slides', makeZip([{ name: 'a', content: 'x' }]), 'DOCUMENT_BROKEN'],
  ['slides of pictures', makePptx(['<p:pic/>']), 'DOCUMENT_WITHOUT_TEXT'],
  ['no slide at all', makePptx([]), 'FILE_EMPTY'],
])('%s is refused', async (_, bytes, code) => {
  await expect(read(bytes)).rejects.toEqual(refused(code));
});

test('slides in the order in which they are shown, without their numbers, called by the title of the first', async () => {
  const first = shape('ctrTitle', 'The', 'title') + shape('subTitle', 'below') + shape('sldNum', '1');
  expect(await read(makePptx([shape('title', 'Second'), first]))).toEqual({
    text: 'The\ntitle\nbelow\nSecond',
    title: 'The title',
    pages: 2,
    format: 'pptx',
  });
});

test('tables, diagrams, charts and notes', async () => {
  const cell = (text: string) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
  const bytes = makePptx(
    [`<a:tbl><a:tr>${cell('a')}${cell('b')}</a:tr><a:tr>${cell('c')}${cell('d')}</a:tr></a:tbl>`],
    relationsOf('ppt/slides/s0.xml', {
      a: ['diagramData', '../diagrams/data1.xml'],
      b: ['chart', '../charts/chart1.xml'],
      c: ['notesSlide', '../notesSlides/n.xml'],
    }),
    { name: 'ppt/diagrams/data1.xml', content: '<dgm:pt><a:p><a:r><a:t>step</a:t></a:r></a:p></dgm:pt>' },
    {
      name: 'ppt/charts/chart1.xml',
      content:
        '<c:strCache><c:pt><c:v>north</c:v></c:pt><c:pt><c:v>south</c:v></c:pt></c:strCache><c:numCache><c:v>1.5</c:v></c:numCache>' +
        '<c:strCache><c:pt><c:v>north</c:v></c:pt></c:strCache>',
    },
    { name: 'ppt/notesSlides/n.xml', content: shape('body', 'say this') + shape('sldNum', '1') },
  );
  expect((await read(bytes)).text).toBe('a\tb\nc\td\nstep\nnorth\nsouth\nsay this');
});
