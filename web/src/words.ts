// A dictionary in two languages, typed: a word that lacks its Chinese does not compile. Each view has its own beside it, so that
// its words are loaded with it.
import { language } from './settings.ts';

type Entry = string | ((...values: never[]) => string);
type Same<T extends Record<string, Entry>> = {
  readonly [Name in keyof T]: T[Name] extends string ? string : T[Name];
};

/**
 * The words of the language that is chosen now; read within a component, they change with it.
 * Entries are words, or functions of what stands in them.
 */
export function dictionary<T extends Record<string, Entry>>(en: T, zh: Same<T>): () => Same<T> {
  return () => (language.value === 'zh' ? zh : (en as Same<T>));
}

/** A whole number with the separators of the language. */
export const count = (value: number): string => value.toLocaleString(locale());

/** A score: two digits after the point, the third where it is near 1, so that copies are told apart. */
export const score = (value: number): string => (value > 0.99 && value < 1 ? value.toFixed(3) : value.toFixed(2));

/** Bytes in the unit that people read: 1,000 steps, as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  const scaled = value / 1000 ** step;
  return `${scaled.toFixed(step > 0 && scaled < 10 ? 1 : 0)} ${units[step]}`;
}

/** A time of ISO 8601 as the reader writes it. */
export const time = (iso: string): string =>
  new Date(iso).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' });

/** The folder and the name of a path, whatever separators it was written with. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return { folder: path.slice(0, end), name: path.slice(end) };
}

const locale = () => (language.value === 'zh' ? 'zh-Hans' : 'en');
