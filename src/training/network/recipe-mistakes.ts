// What is wrong with a recipe, in sentences: zod's issues told to the one who wrote the JSON.
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A sentence, without its full stop, for each mistake. */
export function sentencesOf(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) => explain(issue, issue.path));
}

/** @param path from the recipe to what the issue is about */
function explain(issue: Issue, path: Path): string[] {
  const place = placeOf(path);
  const at = place === '' ? '' : ` for ${place}`;
  const received = issue.input === undefined ? 'nothing' : JSON.stringify(issue.input)?.slice(0, 80);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${place === '' ? '' : `${place} has `}"${key}", which is not known`);
    case 'invalid_type':
      return [`expected ${withArticle(issue.expected)}${at} but received ${received}`];
    case 'invalid_value':
      return [`expected ${listed(issue.values.map((value) => JSON.stringify(value)))}${at} but received ${received}`];
    case 'too_small':
    case 'too_big':
      return [`expected ${limit(issue)}${at} but received ${received}`];
    case 'invalid_union':
      return explainUnion(issue, path, received);
    case 'invalid_format':
      return [`expected small letters, digits and hyphens${at} but received ${received}`];
    case 'custom':
      return [`${place}: ${issue.message}`];
    default:
      return [`${issue.message}${at}`];
  }
}

/** A kind that does not exist, or a value that is none of several sorts. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path, received: string | undefined): string[] {
  if ('options' in issue && issue.options !== undefined) {
    const kind = (issue.input as { kind?: unknown } | null)?.kind;
    const kinds = issue.options.map((option) => JSON.stringify(option));
    const what = kind === undefined ? received : JSON.stringify(kind);
    return [`expected ${listed(kinds)} for ${placeOf(path)} but received ${what}`];
  }
  // A list is told what is wrong within it, not that it could have been a word.
  const within = issue.errors.find((issues) => issues.some(({ path: deeper }) => deeper.length > 0));
  if (within !== undefined) return within.flatMap((inner) => explain(inner, [...path, ...inner.path]));
  if (path.at(-1) === 'decoder')
    return [`expected "mirror", "tied" or a list of layers for decoder but received ${received}`];
  return [`expected a whole number or a pair of them for ${placeOf(path)} but received ${received}`];
}

/** `encoder[2].kernel` */
function placeOf(path: Path): string {
  return path.reduce<string>((place, part) => {
    if (typeof part === 'number') return `${place}[${part}]`;
    return place === '' ? String(part) : `${place}.${String(part)}`;
  }, '');
}

function limit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const sized = issue.origin === 'array' ? 'a list with a length of ' : 'a number of ';
  if (issue.code === 'too_small')
    return issue.inclusive === false ? `a number above ${issue.minimum}` : `${sized}at least ${issue.minimum}`;
  return issue.inclusive === false ? `a number below ${issue.maximum}` : `${sized}at most ${issue.maximum}`;
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number';
  if (type === 'array') return 'a list';
  return `${/^[aeio]/.test(type) ? 'an' : 'a'} ${type}`;
}

function listed(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
