// Something that is being fetched: not there yet, there, or not to be had.
import { useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading'; readonly before?: T | undefined }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: Error };

/**
 * Fetches when `key` changes and gives up what was still under way, so that answers cannot overtake each other. While a new one comes,
 * `before` is the former value, to be shown paler rather than replaced by nothing. `undefined` as key: nothing is wanted.
 */
export function useLoaded<T>(key: string | undefined, fetchIt: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, set] = useState<Loaded<T>>({ state: 'loading' });
  useEffect(() => {
    if (key === undefined) return;
    const abort = new AbortController();
    set((former) => ({ state: 'loading', before: former.state === 'ready' ? former.value : undefined }));
    fetchIt(abort.signal).then(
      (value) => set({ state: 'ready', value }),
      (error: Error) => {
        if (!abort.signal.aborted) set({ state: 'failed', error });
      },
    );
    return () => abort.abort();
  }, [key]);
  return loaded;
}
