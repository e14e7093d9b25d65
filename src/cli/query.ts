// `sandglass query`: what is like this?
import { relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { type Hit, type QueryInput, type QueryResult, SandglassError } from '../sandglass.ts';
import { EXIT } from './exit-codes.ts';
import { collectPatterns, finiteNumber, wholeNumber } from './option-values.ts';
import { passageLines } from './passage-lines.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText } from './table.ts';
import { printable } from './terminal.ts';

interface QueryFlags {
  readonly text?: string;
  readonly frame?: number;
  readonly k: number;
  readonly method: string;
  readonly minScore?: number;
  readonly kind?: 'text' | 'image';
  readonly glob?: string[];
  readonly exact?: boolean;
  readonly explain?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly paths?: boolean;
  readonly print0?: boolean;
}

export function queryCommand(): CommandDefinition {
  const command = new Command('query')
    .alias('similar')
    .description('Find the items most like a file or a text. The file need not be indexed.')
    .argument('[file]', 'the document or picture to ask with')
    .addOption(new Option('--text <text>', 'ask with these words; - reads them from standard input'))
    .addOption(
      new Option('--frame <number>', 'ask with this frame of an animation, or page of a picture, from 1').argParser(
        wholeNumber(1, 0xffffffff),
      ),
    )
    .addOption(new Option('-k, --k <count>', 'how many hits').argParser(wholeNumber(1, 1_000_000)).default(10))
    .addOption(
      new Option(
        '-m, --method <name>',
        'auto (the winner of the check at indexing), ae, ae-bits; text: lsa, lsa-itq, hybrid, cascade, bow, tfidf, bm25, minhash; image: ae-bits-wide, ae-turned, phash, phash-16, dhash, ahash, whash, pdq, blockhash, colour, pixels; imported encoders by their name',
      ).default('auto'),
    )
    .addOption(new Option('--min-score <score>', 'only hits with at least this score').argParser(finiteNumber))
    .addOption(new Option('--kind <kind>', 'only items of this kind').choices(['text', 'image']))
    .addOption(
      new Option('-g, --glob <pattern>', 'only paths that match (repeat for more; !pattern leaves out)').argParser(
        collectPatterns,
      ),
    )
    .addOption(new Option('--exact', 'never use the approximate graph'))
    .addOption(new Option('--explain', 'say why each hit is alike'))
    .addOption(new Option('--json', 'one JSON document').conflicts(['jsonl', 'paths', 'print0']))
    .addOption(new Option('--jsonl', 'one JSON object a hit').conflicts(['paths', 'print0']))
    .addOption(new Option('--paths', 'paths only, one a line'))
    .addOption(new Option('-0, --print0', 'paths only, ended by NUL (for xargs -0)'))
    .addHelpText(
      'after',
      `
Examples:
  $ sandglass query holiday.jpg
  $ sandglass query scene.gif --frame 17
  $ sandglass query --text "minutes of the board meeting" -k 5
  $ pbpaste | sandglass query --text - --json
  $ sandglass query scan.png --method phash --min-score 0.8 -0 | xargs -0 ls -l`,
    );
  return {
    command,
    async run(command, signal) {
      const flags = command.opts<QueryFlags>();
      const session = new Session(command);
      const input = await queryInput(command.args[0], flags);
      const index = await session.open();
      try {
        const result = await index.query(input, {
          k: flags.k,
          method: flags.method,
          exact: flags.exact === true,
          explain: flags.explain === true,
          signal,
          ...(flags.minScore === undefined ? {} : { minScore: flags.minScore }),
          ...(flags.kind === undefined ? {} : { kind: flags.kind }),
          ...(flags.glob === undefined ? {} : { glob: flags.glob }),
        });
        for (const note of result.notes) session.notice(note);
        print(result, flags, session);
        return result.hits.length > 0 ? EXIT.ok : EXIT.none;
      } finally {
        await index.close();
      }
    },
  };
}

/** A file or a text, never guessed from one another. */
async function queryInput(file: string | undefined, { text, frame }: QueryFlags): Promise<QueryInput> {
  if (file !== undefined && text !== undefined)
    throw new SandglassError('SETTING_INVALID', 'Expected a file or --text but received both.');
  if (file !== undefined) return { file: resolve(file), ...(frame === undefined ? {} : { frame }) };
  if (frame !== undefined) throw new SandglassError('SETTING_INVALID', 'Expected a file beside --frame.');
  if (text === undefined)
    throw new SandglassError('QUERY_EMPTY', 'Expected a file or --text "words". See: sandglass query --help');
  return { text: text === '-' ? await standardInput() : text };
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function print(result: QueryResult, flags: QueryFlags, session: Session): void {
  if (flags.json) session.printJson(result);
  else if (flags.jsonl) for (const hit of result.hits) session.print(JSON.stringify(hit));
  else if (flags.print0) for (const hit of result.hits) process.stdout.write(`${nearPath(hit.path)}\0`);
  else if (flags.paths) for (const hit of result.hits) session.print(nearPath(hit.path));
  else if (result.hits.length === 0)
    session.notice(
      `Nothing is like it by ${result.method}${flags.minScore === undefined ? '' : ` at a score of ${flags.minScore} or more`}.`,
    );
  else printTable(result, session);
}

/** Where paths stand, behind ranks and scores. */
const PATH_COLUMN = 11;

function printTable(result: QueryResult, session: Session): void {
  const { out } = session;
  const rows: string[][] = [];
  for (const hit of result.hits) {
    const text = [out.link(hit.path, printable(nearPath(hit.path)))];
    if (hit.frame !== undefined) text.push(out.style('dim', `frame ${hit.frame} of ${hit.frames}`));
    if (hit.partial) text.push(out.style('yellow', '(damaged: a part of it was read)'));
    if (hit.offline) text.push(out.style('yellow', '(offline)'));
    rows.push([String(hit.rank), hit.score.toFixed(3), text.join('  ')]);
    if (hit.passage) for (const line of passageLines(hit.passage, out, PATH_COLUMN)) rows.push(['', '', line]);
    for (const line of explanationLines(hit)) rows.push(['', '', out.style('dim', line)]);
  }
  const head = (text: string) => out.style('dim', text);
  session.print(
    tableText(
      [
        ['', 'right'],
        [head('score'), 'right'],
        [head('path'), 'left'],
      ],
      rows,
    ),
  );
  session.notice(
    out.style(
      'dim',
      `method ${result.method} over ${result.items.toLocaleString('en-US')} ${result.kind} items${result.approximate ? ', approximate (--exact for exact)' : ''}`,
    ),
  );
}

function explanationLines(hit: Hit): string[] {
  const why = hit.explanation;
  if (!why) return [];
  const lines: string[] = [];
  if (why.sharedWords) lines.push(`shared words: ${why.sharedWords.map(({ word }) => word).join(', ') || 'none'}`);
  if (why.decodedWords) lines.push(`both are about (decoder): ${why.decodedWords.join(', ') || 'nothing in common'}`);
  if (why.differingBits !== undefined) lines.push(`${why.differingBits} of ${why.bits} bits differ`);
  if (why.measure) lines.push(why.measure);
  const ranks = Object.entries(why.ranks).map(([method, rank]) => `${method} ${rank}`);
  if (ranks.length > 0) lines.push(`rank by method: ${ranks.join(', ')}`);
  return lines;
}

/** Relative to the working directory when it lies below, as other tools print it. */
export function nearPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== '' && !near.startsWith(`..${sep}`) && near !== '..' ? near : path;
}
