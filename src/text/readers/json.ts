// JSON and JSON Lines → text: their strings.
import { type TextAndTitle, titled } from '../text-document.ts';

/** The value of a JSON text, or undefined when it is not JSON (`null` has no words either). */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * The strings of a JSON value, one a line, in the order of the file; each distinct key once, where it first comes (in a
 * thousand records of one shape the keys would drown the values). Numbers are no words. The title is the `title`,
 * `name` or `headline` of the outermost object.
 */
export function readJson(value: unknown): TextAndTitle {
  return titled(stringsOf(value).join('\n'), titleOf(value));
}

/** The same for one JSON value a line. A line that is not JSON is kept as it is; undefined when hardly any is. */
export function readJsonLines(source: string): TextAndTitle | undefined {
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  const values: unknown[] = [];
  let broken = 0;
  for (const line of lines) {
    const value = parseJson(line);
    if (typeof value !== 'object') broken++;
    values.push(value ?? line);
    if (broken > 3 && broken * 2 > values.length) return undefined;
  }
  return broken * 2 > values.length ? undefined : { text: stringsOf(values).join('\n') };
}

/** Walks with a list of its own in place of the call stack: a million nested brackets are no harm. */
function stringsOf(root: unknown): string[] {
  const strings: string[] = [];
  const keys = new Set<string>();
  const waiting: { readonly key?: string; readonly value: unknown }[] = [{ value: root }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { key, value } = next;
    if (key !== undefined && !keys.has(key)) {
      keys.add(key);
      strings.push(key);
    }
    if (typeof value === 'string') {
      strings.push(value);
    } else if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) waiting.push({ value: value[i] });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value).reverse()) waiting.push({ key: name, value: member });
    }
  }
  return strings;
}

function titleOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { title, headline, name } = value as Record<string, unknown>;
  return [title, headline, name].find((candidate) => typeof candidate === 'string');
}
