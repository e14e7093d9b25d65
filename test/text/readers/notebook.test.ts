import { describe, expect, test } from '@jest/globals';
import { readText } from '../../../src/text/read-text.ts';

const read = (value: unknown) => readText(Buffer.from(JSON.stringify(value)), 'a.ipynb');

describe('notebooks', () => {
  test('that are none are read as JSON', async () => {
    expect((await read({ cells: ['words'] })).format).toBe('json');
    expect((await read({ nbformat: 4, cells: 'words' })).format).toBe('json');
  });

  test('of odd cells give what is there', async () => {
    const cells = [
      null,
      1,
      { source: 5 },
      { cell_type: 'code', source: ['x = "word"'], outputs: [null, { text: [1, 'out'] }] },
    ];
    expect((await read({ nbformat: 4, cells })).text).toBe('x = "word"\n\nout');
  });

  test('give words, code and text that was put out, not pictures', async () => {
    const cells = [
      { cell_type: 'markdown', source: ['# The *title*\n', 'some words'] },
      {
        cell_type: 'code',
        source: 'plot(data)',
        outputs: [
          { data: { 'text/plain': ['<Figure>'], 'image/png': 'iVBORw0' } },
          { name: 'stdout', text: `loss ${'9'.repeat(9_000)}` },
        ],
      },
    ];
    const notebook = await read({ nbformat: 4, metadata: { authors: [{ name: 'Ann' }, 'Bob'] }, cells });
    expect(notebook).toMatchObject({ title: 'The title', author: 'Ann, Bob', format: 'notebook' });
    expect(notebook.text).toMatch(/^The title\nsome words\n\nplot\(data\)\n\n<Figure>\n\nloss 9+$/);
    expect(notebook.text.length).toBeLessThan(2_100);
  });

  test('of version 3 are read', async () => {
    const worksheets = [
      {
        cells: [
          { cell_type: 'heading', source: 'Head' },
          { cell_type: 'code', input: 'run()' },
        ],
      },
    ];
    expect((await read({ nbformat: 3, worksheets })).text).toBe('Head\n\nrun()');
  });
});
