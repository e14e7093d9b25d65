// A hit beside the query: two pictures or two texts, and why they are alike.
import { explanation, type Hit, item, type Question } from '../../answers.ts';
import { useLoaded } from '../../loaded.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { tell } from '../../shell/toasts.tsx';
import { score, splitPath } from '../../words.ts';
import { QueryPicture } from './ask.tsx';
import { Highlighted, Thumbnail } from './hits.tsx';
import { askFor, settings } from './question.ts';
import { words } from './words.ts';

/** Characters of a document that are shown beside another. */
const MOST_TEXT = 4000;
/** Pixels of a picture that is shown beside another. */
const BESIDE = 960;

export function Beside(props: { asked: Question; hit: Hit; onClose: () => void }) {
  const { asked, hit } = props;
  return (
    <Dialog title={hit.title ?? splitPath(hit.path).name} onClose={props.onClose}>
      <div class="beside">
        <section>
          <h3>{words().query}</h3>
          <QuerySide asked={asked} />
        </section>
        <section>
          <h3>
            {words().hit} <span class="number score">{score(hit.score)}</span>
          </h3>
          {hit.kind === 'image' ? (
            <Thumbnail id={hit.id} size={BESIDE} />
          ) : (
            <p class="document">
              <Highlighted text={hit.passage?.text ?? hit.snippet ?? ''} spans={hit.passage?.highlights ?? []} />
            </p>
          )}
          <p class="soft path">{hit.path}</p>
        </section>
      </div>
      <Reasons asked={asked} hit={hit} />
      <p class="actions">
        <button
          class="main"
          type="button"
          onClick={() => {
            props.onClose();
            askFor({ item: String(hit.id) });
          }}
        >
          {words().moreLike}
        </button>
        <button type="button" onClick={() => copy(hit.path)}>
          {words().copyPath}
        </button>
      </p>
    </Dialog>
  );
}

const copy = (path: string) =>
  navigator.clipboard.writeText(path).then(
    () => tell(words().copied),
    () => tell(words().notCopied, { bad: true }),
  );

function QuerySide({ asked }: { asked: Question }) {
  const id = 'item' in asked ? asked.item : undefined;
  const loaded = useLoaded(id === undefined ? undefined : String(id), (signal) => item(id ?? 0, signal));
  if ('text' in asked) return <p class="document">{asked.text}</p>;
  if ('file' in asked)
    return (
      <>
        <QueryPicture asked={asked} />
        <p class="soft path">{asked.file.name}</p>
      </>
    );
  if (loaded.state !== 'ready') return null;
  const { kind, text = '', path } = loaded.value;
  return (
    <>
      {kind === 'image' ? (
        <Thumbnail id={asked.item} size={BESIDE} />
      ) : (
        <p class="document">{text.slice(0, MOST_TEXT)}</p>
      )}
      <p class="soft path">{path}</p>
    </>
  );
}

function Reasons({ asked, hit }: { asked: Question; hit: Hit }) {
  const loaded = useLoaded('explanation', (signal) => explanation(asked, settings(), hit, signal));
  if (loaded.state !== 'ready' || loaded.value === undefined) return null;
  const { sharedWords = [], decodedWords = [], differingBits, bits, measure, ranks } = loaded.value;
  return (
    <dl class="reasons">
      {sharedWords.length > 0 && <Chips title={words().shared} words={sharedWords.map(({ word }) => word)} />}
      {decodedWords.length > 0 && <Chips title={words().topic} words={decodedWords} accent />}
      {differingBits !== undefined && bits !== undefined && (
        <Chips title="" words={[words().bits(differingBits, bits)]} />
      )}
      {measure !== undefined && <Chips title="" words={[measure]} />}
      <Chips title={words().ranks} words={Object.entries(ranks).map(([method, rank]) => `${method} ${rank}`)} />
    </dl>
  );
}

function Chips(props: { title: string; words: readonly string[]; accent?: boolean }) {
  return (
    <div>
      <dt class="soft">{props.title}</dt>
      <dd>
        {props.words.map((word) => (
          <span key={word} class={props.accent ? 'chip accent' : 'chip'}>
            {word}
          </span>
        ))}
      </dd>
    </div>
  );
}
