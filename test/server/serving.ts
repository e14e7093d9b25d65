// `sandglass serve` as a process, and requests to it with whatever headers a test wants.
import { type IncomingHttpHeaders, request } from 'node:http';
import { started, until } from '../cli/command.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at differs from answer to answer
  json(): any;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Starts a server on a free port. */
export async function serving(index: string, ...options: string[]) {
  const { child, said, end } = started(['serve', '--index', index, '--port', '0', ...options]);
  const address = await until(() => /http:\S+/.exec(said.out)?.[0], 'the address');
  const { port } = new URL(address);
  /** The path goes out as it is written. */
  const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
    new Promise<Answered>((resolve, reject) => {
      const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          const text = whole.toString();
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: whole,
            text,
            json: () => JSON.parse(text),
          });
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
  const post = (path: string, value: unknown) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
  const upload = (path: string, body: Uint8Array) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body });
  /** An indexed picture. */
  const anyPicture = async (): Promise<{ readonly id: number; readonly path: string }> => {
    for (let id = 1; id < 100; id++) {
      const answer = await ask(`/api/v1/items/${id}`);
      if (answer.status === 200 && answer.json().kind === 'image') return answer.json();
    }
    throw new Error('Expected a picture');
  };
  const stop = () => {
    child.kill('SIGTERM');
    return end;
  };
  return { address, port: Number(port), said, ask, post, upload, anyPicture, stop };
}
