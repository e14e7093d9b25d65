// A sentence encoder whose weights lie in a file of their own, as newer exporters write it. Sandglass writes no such models.

const utf8 = (text: string) => new TextEncoder().encode(text);

/** One field of a protobuf message: its number, and an integer or bytes. */
function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from([number << 3, value]);
  const bytes = typeof value === 'string' ? utf8(value) : value;
  if (bytes.length > 0x3fff) throw new RangeError('Expected a short field');
  return Uint8Array.from([(number << 3) | 2, (bytes.length & 0x7f) | 0x80, bytes.length >> 7, ...bytes]);
}

const message = (...fields: Uint8Array[]) => Uint8Array.from(fields.flatMap((bytes) => [...bytes]));

/** Numbers of one of the four vectors that `weights` must hold, as float32. */
export const EXTERNAL_DIMENSIONS = 3;

/** The model: word `n` has row `n` of the weights. @param weights name of the file beside it */
export function externalModel(weights: string): Uint8Array {
  const entry = (key: string, value: string) => field(13, message(field(1, key), field(2, value)));
  const tensor = message(
    field(1, 4),
    field(1, EXTERNAL_DIMENSIONS),
    field(2, 1),
    field(8, 'words'),
    entry('location', weights),
    field(14, 1),
  );
  const size = (name: string) => field(1, field(2, name));
  const value = (name: string, type: number, shape: Uint8Array) =>
    message(field(1, name), field(2, field(1, message(field(1, type), field(2, shape)))));
  const texts = message(size('batch'), size('sequence'));
  const vectors = message(size('batch'), size('sequence'), field(1, field(1, EXTERNAL_DIMENSIONS)));
  const graph = message(
    field(1, message(field(1, 'words'), field(1, 'input_ids'), field(2, 'last_hidden_state'), field(4, 'Gather'))),
    field(2, 'sentences'),
    field(5, tensor),
    ...['input_ids', 'attention_mask'].map((name) => field(11, value(name, 7, texts))),
    field(12, value('last_hidden_state', 1, vectors)),
  );
  return message(field(1, 8), field(7, graph), field(8, message(field(1, ''), field(2, 17))));
}
