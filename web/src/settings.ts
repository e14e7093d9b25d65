// What the reader chose – language and colours – kept in this browser alone.
import { effect, signal } from '@preact/signals';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The language of all words of the page; the browser's own where none was chosen. */
export const language = signal<Language>(
  kept('language', LANGUAGES) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
);
export const theme = signal<Theme>(kept('theme', THEMES) ?? 'system');

/** Sets `lang` and `data-theme` of the document, now and whenever they change. */
export function applySettings(): void {
  effect(() => {
    document.documentElement.lang = language.value === 'zh' ? 'zh-Hans' : 'en';
    keep('language', language.value);
  });
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    keep('theme', theme.value);
  });
}

function kept<T extends string>(name: string, known: readonly T[]): T | undefined {
  try {
    return known.find((value) => value === localStorage.getItem(`sandglass.${name}`));
  } catch {
    return undefined; // storage is off in some private windows
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`sandglass.${name}`, value);
  } catch {
    // kept for this visit only
  }
}
