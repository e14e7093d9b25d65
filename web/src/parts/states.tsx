// The three things a view can show instead of its content.
import type { ComponentChildren } from 'preact';
import { ApiError } from '../api.ts';
import { words } from '../shell/words.ts';

export function Loading() {
  return (
    <div class="state loading" role="status">
      <span class="sand" aria-hidden="true" />
      <p>{words().loading}</p>
    </div>
  );
}

/** What went wrong, in the server's words, with its code, and a way on. */
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const code = error instanceof ApiError ? error.code : undefined;
  return (
    <div class="state failed" role="alert">
      <h2>{words().failed}</h2>
      <p>{code === 'OFFLINE' ? words().offline : error.message}</p>
      {code !== undefined && code !== 'OFFLINE' && <code>{code}</code>}
      {again && (
        <button type="button" onClick={again}>
          {words().again}
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
