// Text → the numbers of sub-words that a sentence encoder was trained with: the only importer of @huggingface/tokenizers.
import { Tokenizer } from '@huggingface/tokenizers';

export interface SubwordTokenizer {
  /** What stands before and after the sub-words of every text, for example [CLS] and [SEP]. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Fills up shorter texts of a batch. */
  readonly padding: number;
  /** The sub-words of a text, without what stands before and after. */
  encode(text: string): number[];
}

/** A word that every vocabulary has, whole or in pieces. */
const PROBE = 'a';

/**
 * Reads a tokenizer as Hugging Face's libraries write it. Its own settings for cutting and filling up are left aside.
 *
 * @param json the content of tokenizer.json
 * @param config the content of tokenizer_config.json, `{}` when there is none
 * @throws Error when it is not such a file, or asks for something that cannot be done here
 */
export function readTokenizer(json: string, config: string): SubwordTokenizer {
  const definition = objectOf(json);
  const { model } = definition;
  if (typeof model !== 'object' || model === null) throw new Error('it has no "model"');
  const tokenizer = new Tokenizer(
    { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...definition },
    objectOf(config),
  );
  const encode = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  const bare = encode(PROBE);
  const whole = tokenizer.encode(PROBE).ids;
  const at = whole.findIndex((_: number, start: number) => bare.every((id, i) => whole[start + i] === id));
  if (bare.length === 0 || at < 0 || !whole.every(Number.isInteger)) {
    throw new Error(`it makes ${JSON.stringify(whole)} of the word "${PROBE}"`);
  }
  return {
    before: whole.slice(0, at),
    after: whole.slice(at + bare.length),
    padding: paddingOf(definition, tokenizer, objectOf(config)),
    encode,
  };
}

function objectOf(json: string): Record<string, unknown> {
  const value: unknown = JSON.parse(json);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error('it holds no JSON object');
}

function paddingOf(definition: Record<string, unknown>, tokenizer: Tokenizer, config: Record<string, unknown>): number {
  const stated = (definition.padding as { pad_id?: unknown } | null | undefined)?.pad_id;
  if (typeof stated === 'number') return stated;
  const token = config.pad_token;
  // What fills up is masked: any number will do that the model knows.
  return (typeof token === 'string' ? tokenizer.token_to_id(token) : undefined) ?? 0;
}
