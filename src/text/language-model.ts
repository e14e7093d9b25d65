// The only importer of eld, which tells sixty languages apart by groups of letters. It takes a quarter of a second and a
// hundred megabytes to load, so it is loaded when the first text needs it, which one in sixty newsgroup posts does.
import { fileURLToPath } from 'node:url';

interface Detector {
  detect(text: string): { readonly language: string; isReliable(): boolean };
}

let detector: Detector | undefined;

function loadDetector(): Detector {
  // eld comes as ES modules only; the `require` of the runtime itself takes them (Node 20.19 and later)
  const { createRequire } = process.getBuiltinModule('node:module');
  const path = fileURLToPath(import.meta.resolve('eld/extrasmall'));
  return (createRequire(import.meta.url)(path) as { eld: Detector }).eld;
}

/**
 * Loads the detector beforehand, where it was not before. For threads that may be ended at any moment: Node 20 ends the whole
 * process when a thread is ended in the middle of a `require` of an ES module; an `import` may be.
 */
export async function loadLanguageModel(): Promise<void> {
  if (detector !== undefined) return;
  const path: string = 'eld/extrasmall';
  detector = ((await import(path)) as { eld: Detector }).eld;
}

/** The most that the detector looks at, in UTF-16 code units. */
export const MODEL_READS = 1_000;

/** The language of a text as eld names it (ISO 639-1), and whether eld itself trusts it; undefined when it has no idea. */
export function languageByLetters(text: string): { language: string; reliable: boolean } | undefined {
  detector ??= loadDetector();
  const found = detector.detect(text);
  return found.language === '' ? undefined : { language: found.language, reliable: found.isReliable() };
}
