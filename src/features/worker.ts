// Runs in the threads of pool.ts: reads a batch of files and notes which one it is at.
import { type MessagePort, threadId } from 'node:worker_threads';
import { languageFrom } from './ask-language.ts';
import { type ExtractLimits, type ExtractPurpose, extractFeature } from './extract.ts';
import type { ExtractResult } from './extract-result.ts';
import type { GuardedTask } from './guarded-threads.ts';
import { claimOf } from './name-claims.ts';
import { type PackedResults, TermSender } from './term-transfer.ts';

export interface BatchTask extends GuardedTask {
  readonly paths: readonly string[];
  readonly limits: ExtractLimits;
  readonly purpose: ExtractPurpose;
  /** Where languages are asked for, see ask-language.ts. */
  readonly port: MessagePort;
}

const sender = new TermSender(threadId);

export default async function extractBatch({ paths, limits, purpose, begun, port }: BatchTask): Promise<PackedResults> {
  const results: ExtractResult[] = [];
  const askLanguage = languageFrom(port);
  // Before the clock of the first document runs; a folder of pictures does without.
  if (paths.some((path) => claimOf(path) !== 'image')) await import('../text/read-document.ts');
  for (const path of paths) {
    Atomics.add(begun, 0, 1);
    results.push(await extractFeature(path, limits, { ...purpose, askLanguage }));
  }
  port.close();
  return sender.pack(results);
}
