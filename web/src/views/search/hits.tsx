// The hits, as a grid of thumbnails or a list of passages. Each opens beside the query.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { type Hit, type Span, thumbnail } from '../../answers.ts';
import { score, splitPath } from '../../words.ts';
import type { Layout } from './question.ts';
import { words } from './words.ts';

export function Hits(props: {
  readonly hits: readonly Hit[];
  readonly layout: Layout;
  readonly onOpen: (hit: Hit) => void;
}) {
  return (
    <ol class={`hits ${props.layout}`}>
      {props.hits.map((hit) => (
        <li key={`${hit.id} ${hit.frame}`}>
          <HitCard hit={hit} onOpen={() => props.onOpen(hit)} />
        </li>
      ))}
    </ol>
  );
}

function HitCard({ hit, onOpen }: { hit: Hit; onOpen: () => void }) {
  const { folder, name } = splitPath(hit.path);
  const title = hit.title ?? name;
  return (
    <article class={`hit ${hit.kind}`}>
      {hit.kind === 'image' && <Thumbnail id={hit.id} />}
      <div class="hit-words">
        <h2>
          <button class="hit-open" type="button" aria-label={words().open(title)} onClick={onOpen}>
            {title}
          </button>
          <span class="number score">{score(hit.score)}</span>
        </h2>
        <p class="soft hit-path">
          <bdi>{folder}</bdi>
          {title !== name && <bdi>{name}</bdi>}
        </p>
        <Marks hit={hit} />
        {hit.passage ? (
          <p class="passage">
            <Highlighted text={hit.passage.text} spans={hit.passage.highlights} most={420} />
          </p>
        ) : (
          hit.snippet !== undefined && <p class="passage">{hit.snippet}</p>
        )}
      </div>
    </article>
  );
}

function Marks({ hit }: { hit: Hit }) {
  if (!hit.partial && !hit.offline && hit.frame === undefined) return null;
  return (
    <p class="marks">
      {hit.frame !== undefined && <span class="chip">{words().frame(hit.frame)}</span>}
      {hit.partial && <span class="chip bad">{words().damaged}</span>}
      {hit.offline && <span class="chip bad">{words().away}</span>}
    </p>
  );
}

export function Thumbnail({ id, size }: { id: number; size?: number }) {
  const [broken, setBroken] = useState(false);
  return broken ? (
    <span class="thumbnail missing soft">{words().notShown}</span>
  ) : (
    <img
      class="thumbnail"
      src={thumbnail(id, size)}
      alt=""
      loading="lazy"
      decoding="async"
      onError={() => setBroken(true)}
    />
  );
}

/** The text with its spans marked; with `most`, the part of that many characters around the first span. */
export function Highlighted({
  text,
  spans,
  most = text.length,
}: {
  text: string;
  spans: readonly Span[];
  most?: number;
}) {
  const first = spans[0]?.start ?? 0;
  const from = text.length <= most || first < most / 2 ? 0 : first - Math.floor(most / 4);
  const to = Math.min(text.length, from + most);
  const parts: ComponentChildren[] = [from > 0 ? '… ' : ''];
  let end = from;
  for (const span of spans) {
    if (span.start < end || span.end > to) continue;
    parts.push(text.slice(end, span.start), <mark key={span.start}>{text.slice(span.start, span.end)}</mark>);
    end = span.end;
  }
  parts.push(text.slice(end, to), to < text.length ? ' …' : '');
  return <>{parts}</>;
}
