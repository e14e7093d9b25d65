import type { Failures as Answer } from '../../answers.ts';
import { splitPath, time } from '../../words.ts';
import { words } from './words.ts';

export function Failures({ failures, partial }: { failures: Answer['failures']; partial: number }) {
  return (
    <section>
      <h2>{words().failures}</h2>
      {partial > 0 && <p>{words().partial(partial)}</p>}
      {failures.length === 0 ? (
        <p class="soft">{words().none}</p>
      ) : (
        <ul class="failures">
          {failures.map(({ path, code, message, at }) => (
            <li key={path}>
              <p class="path">
                <span class="soft">{splitPath(path).folder}</span>
                {splitPath(path).name}
              </p>
              <p>{message}</p>
              <p class="soft">
                <code>{code}</code> · {time(at)}
              </p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
