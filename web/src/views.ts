// The views of the page, in the order of the menu. Each is loaded when it is first opened.
import type { ComponentType } from 'preact';
import type { ShellWord } from './shell/words.ts';

export interface View {
  /** Its part of the address, `#/name`. */
  readonly name: string;
  readonly title: ShellWord;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export const VIEWS: readonly View[] = [
  { name: 'search', title: 'search', load: () => import('./views/search/search.tsx') },
  { name: 'status', title: 'status', load: () => import('./views/status/status.tsx') },
];
