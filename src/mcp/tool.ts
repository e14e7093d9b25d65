// What all tools share: the context of a call, its result, and errors as the protocol has them.
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  CallToolResult,
  ContentBlock,
  ServerNotification,
  ServerRequest,
  ToolAnnotations,
} from '@modelcontextprotocol/sdk/types.js';
import { type ErrorCode, type ItemDescription, type Sandglass, SandglassError } from '../sandglass.ts';
import { Addresses } from './addresses.ts';

/** Nothing is changed, the same question has the same answer, and nothing outside the index is asked. */
export const READS_ONLY: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** One call of a tool. */
export interface Call {
  readonly index: Sandglass;
  readonly addresses: Addresses;
  /** Raised when the client cancels the call. */
  readonly signal: AbortSignal;
}

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** A call that may tell how far it is. */
export interface ServedCall extends Call {
  progress(done: number, total: number, message: string): void;
}

/** Makes a handler of the protocol of a tool's own work. */
export type Serve = <Input>(
  work: (input: Input, call: ServedCall) => Promise<CallToolResult>,
) => (input: Input, extra: Extra) => Promise<CallToolResult>;

export function callOf(index: Sandglass, signal: AbortSignal): Call {
  return { index, addresses: new Addresses(index.folders()), signal };
}

/**
 * The indexed file of an address.
 *
 * @throws SandglassError FILE_VANISHED when it is not indexed, in the client's words; SETTING_INVALID for the folder
 */
export function indexedItem(
  { index, addresses }: Pick<Call, 'index' | 'addresses'>,
  address: { readonly folder?: string | undefined; readonly path: string },
): ItemDescription {
  const path = addresses.pathOf(address);
  try {
    return index.item(path);
  } catch (error) {
    if (!(error instanceof SandglassError) || error.code !== 'FILE_VANISHED') throw error;
    const named = JSON.stringify(address.path);
    throw new SandglassError('FILE_VANISHED', `Expected an indexed file but nothing is indexed at ${named}.`, { path });
  }
}

/** A result, for programs as an object and for models as the same in JSON. */
export function result(structuredContent: Record<string, unknown>, more: readonly ContentBlock[] = []): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }, ...more], structuredContent };
}

/**
 * An error as the result of a tool, which a model reads and can act on: the library's sentence and code.
 *
 * @throws what was thrown, where it is a defect
 */
export function errorResult(thrown: unknown): CallToolResult {
  // The library has these for a caller's mistakes; here the caller is the client.
  const isArgument = thrown instanceof RangeError || thrown instanceof TypeError;
  if (!isArgument && !(thrown instanceof SandglassError)) throw thrown;
  const code: ErrorCode = isArgument ? 'SETTING_INVALID' : thrown.code;
  return {
    isError: true,
    content: [{ type: 'text', text: `${thrown.message} [${code}]` }],
    _meta: { 'sandglass/code': code },
  };
}

/** A page of a list, and where the next one begins. */
export function page<T>(
  all: readonly T[],
  offset: number,
  limit: number,
): { readonly shown: readonly T[]; readonly next: { readonly nextOffset?: number } } {
  const end = offset + limit;
  return { shown: all.slice(offset, end), next: end < all.length ? { nextOffset: end } : {} };
}

/** A thumbnail of an indexed picture, named before it. */
export async function thumbnail(index: Sandglass, file: string, name: string): Promise<ContentBlock[]> {
  const jpeg = await index.itemPreview(file);
  return [
    { type: 'text', text: name },
    { type: 'image', data: Buffer.from(jpeg).toString('base64'), mimeType: 'image/jpeg' },
  ];
}
