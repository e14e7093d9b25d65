// How it is asked: method, kind, path, least score; and how hits are shown.
import type { Status } from '../../answers.ts';
import { Choice } from '../../parts/choice.tsx';
import { route } from '../../route.ts';
import { change, type Layout } from './question.ts';
import { words } from './words.ts';

/** Methods that need no encoder, by kind. */
const PLAIN = { text: ['tfidf', 'bow', 'bm25', 'minhash'], image: ['phash', 'dhash', 'pixels'] } as const;

export function Filters(props: {
  readonly status: Status | undefined;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
}) {
  const { query } = route.value;
  const { items, encoders = [] } = props.status ?? {};
  const learned = encoders.filter(({ state }) => state === 'active').map(({ method }) => method);
  const plain = [...(items?.text ? PLAIN.text : []), ...(items?.image ? PLAIN.image : [])];
  const methods = [...new Set([...learned, ...plain])];
  const least = Number(query.get('least')) || 0;
  return (
    <div class="filters">
      <label class="field">
        <span>{words().method}</span>
        <select value={query.get('method') ?? ''} onChange={(event) => change({ method: event.currentTarget.value })}>
          <option value="">{words().auto}</option>
          {methods.map((method) => (
            <option key={method} value={method}>
              {method}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words().path}</span>
        <input
          type="text"
          size={18}
          placeholder={words().pathHint}
          value={query.get('path') ?? ''}
          onChange={(event) => change({ path: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        <span>
          {words().threshold} <output class="number">{least.toFixed(2)}</output>
        </span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.01"
          value={least}
          onChange={(event) =>
            change({ least: Number(event.currentTarget.value) > 0 ? event.currentTarget.value : undefined })
          }
        />
      </label>
      <Choice
        label={words().view}
        value={props.layout}
        options={[
          { value: 'list', label: words().list },
          { value: 'grid', label: words().grid },
        ]}
        onChange={props.onLayout}
      />
    </div>
  );
}
