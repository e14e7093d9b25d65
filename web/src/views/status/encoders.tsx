import type { Status } from '../../answers.ts';
import { count } from '../../words.ts';
import { words } from './words.ts';

export function Encoders({ encoders, graphs }: Pick<Status, 'encoders' | 'graphs'>) {
  return (
    <section>
      <h2>{words().encoders}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys */}
      <section class="scroll" aria-label={words().encoders} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{words().method}</th>
              <th>{words().kind}</th>
              <th>{words().form}</th>
              <th class="number">{words().codes}</th>
              <th class="number">{words().learned}</th>
              <th>{words().state}</th>
            </tr>
          </thead>
          <tbody>
            {encoders.map(({ method, kind, dimensions, form, codes, trainedOn, state, fingerprint }) => (
              <tr key={`${method} ${fingerprint}`}>
                <td title={fingerprint}>
                  <b>{method}</b>
                </td>
                <td>{words()[kind]}</td>
                <td class="nowrap">
                  {count(dimensions)} × {form}
                </td>
                <td class="number">{count(codes)}</td>
                <td class="number">{trainedOn === undefined ? '–' : count(trainedOn)}</td>
                <td>{state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {graphs.map((line) => (
        <p key={line} class="soft">
          {line}
        </p>
      ))}
    </section>
  );
}
