// Search: the question, how it is asked, and what is like it.
import { useState } from 'preact/hooks';
import { ask, type Hit, status } from '../../answers.ts';
import { useLoaded } from '../../loaded.ts';
import { Empty, Failed, Loading } from '../../parts/states.tsx';
import { route } from '../../route.ts';
import { Ask } from './ask.tsx';
import { Beside } from './beside.tsx';
import { Filters } from './filters.tsx';
import { Hits } from './hits.tsx';
import { change, type Layout, question, STEP, settings } from './question.ts';
import './search.css';
import { words } from './words.ts';

export default function Search() {
  const [round, setRound] = useState(0);
  const [chosen, choose] = useState<Layout>();
  const [opened, open] = useState<Hit>();
  const asked = question();
  const how = settings();
  const known = useLoaded('status', status);
  const loaded = useLoaded(asked && JSON.stringify([round, asked, how, route.value.query.get('file')]), (signal) =>
    ask(asked!, how, signal),
  );
  const answer = loaded.state === 'ready' ? loaded.value : loaded.state === 'loading' ? loaded.before : undefined;
  const layout = chosen ?? (answer?.kind === 'image' ? 'grid' : 'list');
  return (
    <div class="search">
      <h1>{words().ask}</h1>
      <search>
        <Ask />
      </search>
      {asked && (
        <Filters status={known.state === 'ready' ? known.value : undefined} layout={layout} onLayout={choose} />
      )}
      {asked && loaded.state === 'failed' && <Failed error={loaded.error} again={() => setRound(round + 1)} />}
      {asked && loaded.state === 'loading' && !answer && <Loading />}
      {asked && answer && (
        <section class={loaded.state === 'loading' ? 'answer former' : 'answer'} aria-busy={loaded.state === 'loading'}>
          <p class="soft summary" role="status">
            {words().summary(answer.hits.length, answer.items, answer.method)}
            {answer.approximate && `, ${words().approximate}`}
          </p>
          {answer.notes.map((note) => (
            <p key={note} class="note">
              {note}
            </p>
          ))}
          {answer.hits.length === 0 && (
            <Empty title={words().nothing}>
              <p>{words().nothingHint}</p>
            </Empty>
          )}
          <Hits hits={answer.hits} layout={layout} onOpen={open} />
          {answer.hits.length === how.k && (
            <button type="button" onClick={() => change({ k: String((how.k ?? STEP) + STEP) }, { replace: true })}>
              {words().more}
            </button>
          )}
          {opened && <Beside asked={asked} hit={opened} onClose={() => open(undefined)} />}
        </section>
      )}
    </div>
  );
}
