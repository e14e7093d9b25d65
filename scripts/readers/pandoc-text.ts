// pandoc's tree of a document (`--to json`) → its text, without what pandoc adds (numbers of lists) and what is not shown
// (descriptions of pictures).

interface Node {
  readonly t: string;
  readonly c?: unknown;
}

const SPACES = new Set(['Space', 'SoftBreak', 'LineBreak']);
const BLOCKS = new Set(['Para', 'Plain', 'Header', 'CodeBlock', 'LineBlock', 'Note']);
const WITH_ATTRIBUTES = new Set(['Code', 'CodeBlock']);
const UNREAD = new Set(['Image', 'RawInline', 'RawBlock']);

/** @param json what pandoc printed */
export function textOfPandoc(json: string): string {
  const pieces: string[] = [];
  walk((JSON.parse(json) as { blocks: unknown }).blocks, pieces);
  return pieces.join('');
}

function walk(value: unknown, pieces: string[]): void {
  if (Array.isArray(value)) for (const each of value) walk(each, pieces);
  if (typeof value !== 'object' || value === null || !('t' in value)) return;
  const { t: type, c: content } = value as Node;
  if (UNREAD.has(type)) return;
  if (SPACES.has(type)) pieces.push(' ');
  else if (type === 'Str') pieces.push(String(content));
  else if (WITH_ATTRIBUTES.has(type)) pieces.push(String((content as unknown[])[1]));
  else if (type === 'Math') pieces.push(' ');
  else if (type === 'LineBlock') for (const line of content as unknown[]) walk([line, { t: 'LineBreak' }], pieces);
  else if (type === 'DefinitionList') walkDefinitions(content as [unknown, unknown][], pieces);
  else {
    if (type === 'Note') pieces.push('\n');
    walk(content, pieces);
  }
  if (BLOCKS.has(type)) pieces.push('\n');
}

function walkDefinitions(list: readonly [term: unknown, definitions: unknown][], pieces: string[]): void {
  for (const [term, definitions] of list) {
    walk(term, pieces);
    pieces.push('\n');
    walk(definitions, pieces);
  }
}
