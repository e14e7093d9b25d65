// The question: words in one field, or a file by dropping, pasting or choosing.
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Question, thumbnail } from '../../answers.ts';
import { askFor, askWith, question } from './question.ts';
import { words } from './words.ts';

export function Ask() {
  const asked = question();
  const file = useRef<HTMLInputElement>(null);
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        askFor({ q: String(new FormData(event.currentTarget).get('q')) });
      }}
    >
      <label class="ask-words">
        <span class="unseen">{words().ask}</span>
        <input
          key={asked && 'text' in asked ? asked.text : ''}
          name="q"
          type="search"
          enterkeyhint="search"
          placeholder={words().placeholder}
          defaultValue={asked && 'text' in asked ? asked.text : ''}
        />
      </label>
      <button class="main" type="submit">
        {words().go}
      </button>
      <button type="button" onClick={() => file.current?.click()}>
        {words().choose}
      </button>
      <input
        ref={file}
        type="file"
        hidden
        onChange={(event) => {
          askWith(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      {asked && !('text' in asked) ? <Subject asked={asked} /> : <p class="hint soft">{words().hint}</p>}
      <DropAnywhere />
    </form>
  );
}

/** What is asked with, where it is no words. */
function Subject({ asked }: { asked: Exclude<Question, { text: string }> }) {
  return (
    <p class="subject">
      <span class="soft">{words().like}</span>
      <QueryPicture asked={asked} />
      {'file' in asked && <span>{asked.file.name}</span>}
      <button class="link" type="button" onClick={() => askFor({})}>
        {words().clear}
      </button>
    </p>
  );
}

/** The picture that is asked with; nothing where it is a document, or of a format that the browser does not show. */
export function QueryPicture({ asked }: { asked: Exclude<Question, { text: string }> }) {
  const [source, set] = useState<string>();
  const file = 'file' in asked ? asked.file : undefined;
  useEffect(() => {
    if (file === undefined) return set('item' in asked ? thumbnail(asked.item) : undefined);
    // an SVG is a document that may hold anything: it is never shown
    if (!file.type.startsWith('image/') || file.type.includes('svg')) return set(undefined);
    const made = URL.createObjectURL(file);
    set(made);
    return () => URL.revokeObjectURL(made);
  }, [file, 'item' in asked && asked.item]);
  return source === undefined ? null : <img src={source} alt="" onError={() => set(undefined)} />;
}

/** Takes files that are dropped or pasted on the whole page while the view is open. */
function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    const on = <T extends Event>(name: string, handle: (event: T) => void) =>
      addEventListener(name, handle as (event: Event) => void, { signal: abort.signal });
    on<DragEvent>('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      setOver(true);
    });
    on<DragEvent>('dragleave', (event) => event.relatedTarget === null && setOver(false));
    on<DragEvent>('drop', (event) => {
      event.preventDefault();
      setOver(false);
      askWith(event.dataTransfer?.files[0]);
    });
    on<ClipboardEvent>('paste', ({ clipboardData }) => askWith(clipboardData?.files[0]));
    return () => abort.abort();
  }, []);
  return over ? <div class="drop">{words().drop}</div> : null;
}
