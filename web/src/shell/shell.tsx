// What stands around every view: the skip link, the head with the menu, the view itself, and what is told in passing.
import type { ComponentType } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Failed, Loading } from '../parts/states.tsx';
import { address, route } from '../route.ts';
import { language, THEMES, theme } from '../settings.ts';
import { VIEWS } from '../views.ts';
import { Mark } from './mark.tsx';
import { Toasts } from './toasts.tsx';
import { words } from './words.ts';

export function Shell() {
  const main = useRef<HTMLElement>(null);
  const view = VIEWS.find(({ name }) => name === route.value.view);
  const title = view ? words()[view.title] : 'Sandglass';
  useEffect(() => {
    document.title = `${title} · Sandglass`;
  }, [title]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {words().skip}
      </button>
      <header class="head">
        <a class="brand" href={address('search')}>
          <Mark />
          <span>Sandglass</span>
        </a>
        <nav aria-label={words().menu}>
          {VIEWS.map(({ name, title }) => (
            <a key={name} href={address(name)} aria-current={name === view?.name ? 'page' : undefined}>
              {words()[title]}
            </a>
          ))}
        </nav>
        <div class="settings">
          <button
            type="button"
            class="quiet"
            lang={language.value === 'en' ? 'zh-Hans' : 'en'}
            title={words().languageTitle}
            onClick={() => {
              language.value = language.value === 'en' ? 'zh' : 'en';
            }}
          >
            {words().language}
          </button>
          <ThemeButton />
        </div>
      </header>
      <main ref={main} tabIndex={-1}>
        {view ? <OpenView key={view.name} load={view.load} /> : <UnknownView />}
      </main>
      <Toasts />
    </>
  );
}

function ThemeButton() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
  const label = `${words().theme}: ${words()[theme.value]}`;
  return (
    <button
      type="button"
      class="quiet icon"
      aria-label={label}
      title={label}
      onClick={() => {
        theme.value = next;
      }}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5" />
        {theme.value !== 'light' && (
          <path
            d={
              theme.value === 'dark'
                ? 'M3.75 10a6.25 6.25 0 0 1 12.5 0a6.25 6.25 0 0 1-12.5 0'
                : 'M10 3.75a6.25 6.25 0 0 1 0 12.5z'
            }
            fill="currentColor"
          />
        )}
      </svg>
    </button>
  );
}

function OpenView({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [View, open] = useState<ComponentType>();
  const [error, fail] = useState<Error>();
  useEffect(() => {
    load().then(({ default: loaded }) => open(() => loaded), fail);
  }, [load]);
  if (error) return <Failed error={error} />;
  return View ? <View /> : <Loading />;
}

function UnknownView() {
  return (
    <div class="state">
      <p>{words().unknownView}</p>
      <a href={address('search')}>{words().toSearch}</a>
    </div>
  );
}
