// What is indexed, what answers, which encoders there are, and which files could not be read.
import { useState } from 'preact/hooks';
import { failures, type Status, status } from '../../answers.ts';
import { useLoaded } from '../../loaded.ts';
import { Empty, Failed, Loading } from '../../parts/states.tsx';
import { words as shell } from '../../shell/words.ts';
import { bytes, count } from '../../words.ts';
import { Encoders } from './encoders.tsx';
import { Failures } from './failures.tsx';
import './status.css';
import { words } from './words.ts';

const KINDS = ['text', 'image'] as const;

export default function StatusView() {
  const [round, setRound] = useState(0);
  const loaded = useLoaded(String(round), (signal) => Promise.all([status(signal), failures(signal)]));
  if (loaded.state === 'failed') return <Failed error={loaded.error} again={() => setRound(round + 1)} />;
  if (loaded.state === 'loading') return <Loading />;
  const [found, failed] = loaded.value;
  if (found.items.text + found.items.image + found.items.failed === 0)
    return (
      <Empty title={words().empty}>
        <p>{words().emptyHint}</p>
        <code>sandglass index ~/Documents</code>
      </Empty>
    );
  return (
    <div class="status">
      <h1 class="unseen">{shell().status}</h1>
      <Totals found={found} />
      {found.advice.length > 0 && (
        <section class="advice">
          <h2>{words().advice}</h2>
          <ul>
            {found.advice.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{words().defaults}</h2>
        <dl class="defaults">
          {KINDS.map((kind) => {
            const chosen = found.defaults[kind];
            return (
              chosen && (
                <div key={kind}>
                  <dt>
                    {words()[kind]} <b>{chosen.method}</b>
                  </dt>
                  <dd class="soft">{chosen.sentence}</dd>
                </div>
              )
            );
          })}
        </dl>
      </section>
      <Encoders encoders={found.encoders} graphs={found.graphs} />
      <Folders found={found} />
      {found.items.text > 0 && <Languages languages={found.languages} />}
      <Failures failures={failed.failures} partial={found.partial} />
    </div>
  );
}

function Totals({ found }: { found: Status }) {
  const figures = [
    [count(found.items.text), words().documents],
    [count(found.items.image), words().pictures],
    [count(found.passages), words().passages],
    [bytes(found.bytes), words().onDisk],
    [count(found.items.failed), words().failed],
  ] as const;
  return (
    <ul class="totals">
      {figures.map(([figure, label]) => (
        <li key={label}>
          <b class="number">{figure}</b> <span>{label}</span>
        </li>
      ))}
    </ul>
  );
}

function Folders({ found }: { found: Status }) {
  return (
    <section>
      <h2>{words().folders}</h2>
      <ul class="folders">
        {found.roots.map(({ path, state, items }) => (
          <li key={path}>
            <span class="path">{path}</span>
            <span class="number soft">{count(items)}</span>
            <span class={state === 'online' ? 'chip' : 'chip bad'}>{words()[state]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Named in the reader's language by the browser. */
function Languages({ languages }: { languages: Status['languages'] }) {
  const all = Object.entries(languages);
  const total = all.reduce((sum, [, documents]) => sum + documents, 0);
  const names = new Intl.DisplayNames(document.documentElement.lang, { type: 'language' });
  return (
    <section>
      <h2>{words().languages}</h2>
      <ul class="languages">
        {all.slice(0, 12).map(([code, documents]) => (
          <li key={code}>
            <span>{code === 'und' ? words().undecided : names.of(code)}</span>
            <meter min={0} max={total} value={documents} aria-hidden="true" />
            <span class="number soft">{count(documents)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
