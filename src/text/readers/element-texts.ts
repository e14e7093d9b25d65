// The text and attributes of some elements of an XML document, for the small parts that say what a document is.
import { scanTags } from './scan-tags.ts';

export interface FoundElement {
  /** Local names from the root, `/` between them, lower case. */
  readonly path: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Its own text and that of what is in it, white space made one space. */
  readonly text: string;
}

/** Deeper elements are not looked at. */
const MOST_DEPTH = 64;
const LONGEST_TEXT = 10_000;

/**
 * The elements whose path ends with one of `wanted`, in the order in which they begin.
 *
 * @param wanted local names, `/` between an element and the one in it: `metadata/title`
 */
export function elementTexts(source: string, wanted: readonly string[]): FoundElement[] {
  const found: { path: string; attributes: ReadonlyMap<string, string>; text: string }[] = [];
  const names = new Set(wanted.map((path) => path.slice(path.lastIndexOf('/') + 1)));
  const open: string[] = [];
  const reading: { readonly depth: number; readonly index: number }[] = [];
  let beyond = 0;
  scanTags(source, 'xml', {
    wantsAttributes: (name) => names.has(local(name)),
    open(name, attributes) {
      if (open.length >= MOST_DEPTH) {
        beyond++;
        return;
      }
      open.push(local(name));
      if (!names.has(local(name))) return;
      const path = open.join('/');
      if (!wanted.some((end) => path === end || path.endsWith(`/${end}`))) return;
      reading.push({ depth: open.length, index: found.length });
      found.push({ path, attributes, text: '' });
    },
    close(name) {
      if (beyond > 0) {
        beyond--;
        return;
      }
      const at = open.lastIndexOf(local(name));
      if (at === -1) return;
      open.length = at;
      while ((reading.at(-1)?.depth ?? 0) > at) reading.pop();
    },
    text(piece) {
      for (const { index } of reading) {
        const element = found[index]!;
        if (element.text.length < LONGEST_TEXT) element.text += piece;
      }
    },
  });
  return found.map((element) => ({ ...element, text: element.text.replace(/\s+/g, ' ').trim() }));
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
