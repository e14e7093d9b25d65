// The server of the Model Context Protocol: its tools, over standard input and output, until the client leaves.
import { setImmediate } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { Sandglass } from '../sandglass.ts';
import { SharedIndex } from '../shared-index.ts';
import { registerQuestions } from './ask.ts';
import { registerDuplicates } from './duplicates-tool.ts';
import { registerGetItem } from './item-tool.ts';
import { registerStatus } from './status-tool.ts';
import { callOf, type Extra, errorResult, type Serve, type ServedCall } from './tool.ts';

const INSTRUCTIONS = `Searches the user's own folder of documents and pictures, offline. Files are named by folder and path as
status and the other tools name them. search_text finds documents by words; similar finds what is like indexed files;
get_item reads one; duplicates lists copies. Nothing is ever changed.`;

export interface ServeOptions {
  /** Opens the index, read-only; called when it is asked first, and again after it failed. */
  open(): Promise<Sandglass>;
  readonly version: string;
  /** Ends the server. */
  readonly signal: AbortSignal;
  /** A word to the user. */
  notice(text: string): void;
}

/** Serves until standard input ends or the signal is raised; calls that run are answered first. */
export async function serveMcp({ open, version, signal, notice }: ServeOptions): Promise<void> {
  const shared = new SharedIndex(open);
  const server = new McpServer({ name: 'sandglass', title: 'Sandglass', version }, { instructions: INSTRUCTIONS });
  const serve: Serve = (work) => async (input, extra) => {
    try {
      return await shared.use((index) => work(input, { ...callOf(index, extra.signal), progress: progressOf(extra) }));
    } catch (error) {
      return errorResult(error);
    }
  };
  registerQuestions(server, serve);
  registerGetItem(server, serve);
  registerDuplicates(server, serve);
  registerStatus(server, serve);
  server.server.onerror = (error) => notice(`mcp: ${error.message}`);

  const left = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await left;
  // What was read last becomes a call, and what a call gave an answer, before anything else happens: then all are sent.
  await setImmediate();
  await shared.close();
  await setImmediate();
  await server.close();
}

/** Tells a client that asked for it how far a call is, at whole percents: each is a message. */
function progressOf({ _meta, sendNotification }: Extra): ServedCall['progress'] {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let told = '';
  let sent = 0;
  return (done, total, message) => {
    const now = `${message} ${Math.floor((100 * done) / Math.max(1, total))} %`;
    if (now === told) return;
    told = now;
    // What is told must rise; phases begin anew.
    void sendNotification({
      method: 'notifications/progress',
      params: { progressToken, progress: ++sent, message: now },
    }).catch(() => {});
  };
}
