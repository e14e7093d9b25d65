// Short messages that come and go by themselves; screen readers are told politely.
import { signal } from '@preact/signals';
import { words } from './words.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
}

const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Tells something in passing. What went wrong stays until it is closed. */
export function tell(text: string, { bad = false } = {}): void {
  const id = ++last;
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, text, bad }].slice(-3);
  if (!bad) setTimeout(() => close(id), 5000);
}

const close = (id: number) => {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
};

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, bad }) => (
        <div key={id} class={bad ? 'toast bad' : 'toast'}>
          <span>{text}</span>
          <button type="button" class="quiet icon" aria-label={words().close} onClick={() => close(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
