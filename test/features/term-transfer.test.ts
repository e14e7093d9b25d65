import { expect, test } from '@jest/globals';
import type { ExtractedText, ExtractResult } from '../../src/features/extract-result.ts';
import { TermReceiver, TermSender } from '../../src/features/term-transfer.ts';

const FAILED: ExtractResult = { status: 'failed', error: { code: 'FILE_VANISHED', message: 'It is gone.' } };

function text(...terms: string[]): ExtractedText {
  const stamp = { status: 'ok', kind: 'text', hash: '', size: 1, mtimeMs: 0, format: 'txt', snippet: '' } as const;
  return { ...stamp, language: 'en', words: terms.length, feature: { kind: 'text', language: 'en', ...bag(terms) } };
}

function bag(terms: readonly string[]) {
  return { terms, counts: Uint16Array.from(terms, (_, i) => i + 1) };
}

/** A text with what an index keeps of it: a passage for each of its words. */
function kept(...terms: string[]): ExtractedText {
  const passages = terms.map((term, i) => ({ start: 10 * i, end: 10 * i + 9, ...bag([term, 'common']) }));
  const bytes = { deflated: Uint8Array.from(terms, (term) => term.length), characters: 10 * terms.length };
  return { ...text(...terms), kept: { ...bytes, passages, shingles: Uint32Array.from(terms, (_, i) => 2 ** 31 + i) } };
}

test('numbers of terms that never came are refused', () => {
  const sender = new TermSender(1);
  sender.pack([text('lost')]);
  expect(() => new TermReceiver().unpack(sender.pack([text('lost', 'found')]))).toThrow('never sent');
});

test('results come out as they went in, failures among them', () => {
  const batches = [[text('red', 'green'), FAILED, text()], [text('green', 'blue', 'red')], [FAILED]];
  const sender = new TermSender(1);
  const receiver = new TermReceiver();
  for (const batch of batches) expect(receiver.unpack(structuredClone(sender.pack(batch)))).toEqual(batch);
});

test('what is kept of texts comes out as it went in, beside texts of which nothing is kept', () => {
  const batches = [
    [kept('red', 'green'), text('blue'), FAILED, kept('blue')],
    [kept(), kept('green', 'grey')],
  ];
  const sender = new TermSender(1);
  const receiver = new TermReceiver();
  for (const batch of batches) expect(receiver.unpack(structuredClone(sender.pack(batch)))).toEqual(batch);
});

test('a term is sent as text once', () => {
  const sender = new TermSender(1);
  expect(sender.pack([text('red', 'green'), text('red')]).fresh).toEqual(['red', 'green']);
  expect(sender.pack([text('green', 'blue')]).fresh).toEqual(['blue']);
});

test('every thread has numbers of its own', () => {
  const [first, second] = [new TermSender(1), new TermSender(2)];
  const receiver = new TermReceiver();
  expect(receiver.unpack(first.pack([text('red')]))).toEqual([text('red')]);
  expect(receiver.unpack(second.pack([text('green')]))).toEqual([text('green')]);
  expect(receiver.unpack(first.pack([text('blue', 'red')]))).toEqual([text('blue', 'red')]);
});
