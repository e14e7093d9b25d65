// A dialog of the browser's own: it holds the focus, closes with Escape, and gives the focus back.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { words } from '../shell/words.ts';

export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} aria-label={props.title} onClose={props.onClose} closedby="any">
      <div class="dialog">
        <div class="dialog-head">
          <h2>{props.title}</h2>
          <button type="button" class="quiet icon" aria-label={words().close} onClick={() => dialog.current?.close()}>
            ×
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}
