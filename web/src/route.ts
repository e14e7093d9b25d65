// Where the reader is: `#/view?name=value`. The address is the state, so going back, reloading and sharing a link work.
import { signal } from '@preact/signals';

export interface Route {
  readonly view: string;
  readonly query: URLSearchParams;
}

export const route = signal<Route>(parse(location.hash));
addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

/** The address of a view, for links. Parameters that are undefined or empty are left out. */
export function address(view: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const kept = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(kept).toString();
  return `#/${view}${text === '' ? '' : `?${text}`}`;
}

/** Goes there; `replace` leaves no step back behind, as for a slider that moves. */
export function go(to: string, { replace = false } = {}): void {
  if (to === location.hash) return;
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(null, '', to);
  route.value = parse(to);
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  return { view: path === '' ? 'search' : path, query: new URLSearchParams(query) };
}
