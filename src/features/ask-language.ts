// Threads that read ask the thread that started them for the language of a text that only the model tells: it takes a hundred
// megabytes and a quarter of a second to load, and once is enough.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { languageByModel, type UndecidedLanguage } from '../text/language.ts';

/** In the thread that started the others: a port for one of them, which questions are answered at until `end`. */
export function answerLanguages(): { readonly port: MessagePort; end(): void } {
  const { port1: own, port2: port } = new MessageChannel();
  own.on('message', (undecided: UndecidedLanguage) => {
    // Who asks is told by the end of the channel that there will be no answer.
    languageByModel(undecided).then(
      (language) => own.postMessage(language),
      () => own.close(),
    );
  });
  return { port, end: () => own.close() };
}

/** In a thread that reads; one question at a time. */
export function languageFrom(port: MessagePort): (undecided: UndecidedLanguage) => Promise<string> {
  return (undecided) =>
    new Promise((answer, fail) => {
      const ended = () => fail(new Error('The language model could not be loaded.'));
      port.once('close', ended);
      port.once('message', (language: string) => {
        port.off('close', ended);
        answer(language);
      });
      port.postMessage(undecided);
    });
}
