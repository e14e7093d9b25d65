// Every request of the page: JSON in, JSON or a typed error out. No other file calls `fetch`.
const API = '/api/v1';

/** What the server says went wrong (its codes), or `OFFLINE` when it did not answer at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The address of a route, with its parameters; lists repeat their name. Also for `src` of pictures. */
export function url(path: string, parameters: Query = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one));
  }
  const text = query.toString();
  return `${API}${path}${text === '' ? '' : `?${text}`}`;
}

/** @throws {ApiError} what the server answered, or that it did not; `AbortError` when `signal` was used. */
export const get = <T>(path: string, parameters?: Query, signal?: AbortSignal): Promise<T> =>
  send<T>(url(path, parameters), { signal: signal ?? null });

/** Posts JSON. @throws {ApiError} as `get` */
export const post = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  send<T>(url(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });

/** Posts the bytes of a file, as they are. @throws {ApiError} as `get` */
export const upload = <T>(path: string, file: Blob, parameters?: Query, signal?: AbortSignal): Promise<T> =>
  send<T>(url(path, parameters), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
    signal: signal ?? null,
  });

async function send<T>(address: string, request: RequestInit): Promise<T> {
  const response = await fetch(address, request).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('OFFLINE', 'The server does not answer.', 0);
  });
  const body: unknown = response.headers.get('content-type')?.includes('json') ? await response.json() : undefined;
  if (response.ok) return body as T;
  const told = (body as { error?: { code?: string; message?: string } } | undefined)?.error;
  throw new ApiError(
    told?.code ?? 'HTTP',
    told?.message ?? `${response.status} ${response.statusText}`,
    response.status,
  );
}
