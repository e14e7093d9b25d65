import { expect, test } from '@jest/globals';
import type { ExtractResult } from '../../src/features/extract-result.ts';
import { TermReceiver, TermSender } from '../../src/features/term-transfer.ts';

const FAILED: ExtractResult = { status: 'failed', error: { code: 'FILE_VANISHED', message: 'It is gone.' } };

function text(...terms: string[]): ExtractResult {
  const stamp = { status: 'ok', kind: 'text', hash: '', size: 1, mtimeMs: 0, format: 'txt', snippet: '' } as const;
  const counts = Uint16Array.from(terms, (_, i) => i + 1);
  return { ...stamp, words: terms.length, feature: { kind: 'text', terms, counts } };
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
