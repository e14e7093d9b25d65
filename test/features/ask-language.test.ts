// Threads that read ask for the language of a text: the answer is that of the model, and no answer is told.
import { expect, it } from '@jest/globals';
import { answerLanguages, languageFrom } from '../../src/features/ask-language.ts';
import { languageByModel } from '../../src/text/language.ts';

const UNDECIDED = { sample: 'Zwei Boote lagen still; Fischer flickten Netze.', likely: undefined };

it('fails a question when the channel ends before there is an answer', async () => {
  const { port, end } = answerLanguages();
  const answer = languageFrom(port)(UNDECIDED);
  end();
  await expect(answer).rejects.toThrow(/could not be loaded/);
});

it('answers one question after another as the model does in the same thread', async () => {
  const { port, end } = answerLanguages();
  const ask = languageFrom(port);
  expect(await ask(UNDECIDED)).toBe('de');
  expect(await ask({ sample: 'qqq', likely: undefined })).toBe(
    await languageByModel({ sample: 'qqq', likely: undefined }),
  );
  end();
  port.close();
});
