// Many questions, one after the other: what they have in common is read once.
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { MethodSet } from './method-set.ts';
import { type QueryOptions, type QueryResult, runQuery } from './query.ts';
import type { QueryInput } from './query-feature.ts';
import type { Workspace } from './workspace.ts';

/** The answer to one question of many, or why there is none. */
export type ManyAnswer =
  | QueryResult
  | {
      readonly schema: 1;
      readonly query: QueryInput;
      readonly error: { readonly code: string; readonly message: string };
    };

/** Wrong with every question, so that the first one ends it. */
const OF_ALL: ReadonlySet<string> = new Set(['INDEX_DAMAGED', 'INDEX_MISSING', 'METHOD_UNKNOWN', 'ABORTED']);

/**
 * Answers questions in their order, each when it is asked for.
 *
 * @throws SandglassError what is wrong with the index or the method; what is wrong with a question is its answer
 */
export async function* queryMany(
  workspace: Workspace,
  methods: MethodSet,
  inputs: Iterable<QueryInput> | AsyncIterable<QueryInput>,
  options: QueryOptions,
): AsyncGenerator<ManyAnswer, void, undefined> {
  for await (const query of inputs) {
    if (options.signal) throwIfAborted(options.signal, 'Stopped between two questions.');
    try {
      yield await runQuery(workspace, methods, query, options);
    } catch (error) {
      if (!(error instanceof SandglassError) || OF_ALL.has(error.code)) throw error;
      yield { schema: 1, query, error: { code: error.code, message: error.message } };
    }
  }
}
