// `sandglass query`: what is like this?
import { fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, Option } from 'commander';
import { present } from '../present.ts';
import {
  type Hit,
  type ManyAnswer,
  type QueryInput,
  type QueryOptions,
  type QueryResult,
  SandglassError,
} from '../sandglass.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { byteSize, collect, collectPatterns, finiteNumber, pastTime, wholeNumber } from './option-values.ts';
import { passageLines } from './passage-lines.ts';
import { type CommandDefinition, Session } from './session.ts';
import { tableText } from './table.ts';
import { printable } from './terminal.ts';

interface QueryFlags {
  readonly text?: string;
  readonly frame?: number;
  readonly k?: number;
  readonly method: string;
  readonly minScore?: number;
  readonly within?: number;
  readonly not?: string[];
  readonly batch?: string;
  readonly texts?: boolean;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly since?: Date;
  readonly before?: Date;
  readonly language?: string[];
  readonly ef?: number;
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
    .argument('[files...]', 'the document or picture to ask with; several are examples of what is looked for')
    .addOption(new Option('--text <text>', 'ask with these words; - reads them from standard input'))
    .addOption(
      new Option('--frame <number>', 'ask with this frame of an animation, or page of a picture, from 1').argParser(
        wholeNumber(1, 0xffffffff),
      ),
    )
    .addOption(new Option('--not <file>', 'an example of what is not looked for (repeat for more)').argParser(collect))
    .addOption(
      new Option(
        '--batch <file>',
        'answer many questions, a path a line (- reads them from standard input), as JSON lines',
      ).conflicts(['text', 'not', 'frame', 'json', 'paths', 'print0']),
    )
    .addOption(new Option('--texts', 'the lines of --batch are words to ask with, not paths'))
    .addOption(
      new Option('-k, --k <count>', 'how many hits (default: 10; all with --min-score or --within)').argParser(
        wholeNumber(1, 1_000_000),
      ),
    )
    .addOption(
      new Option(
        '-m, --method <name>',
        'auto (the winner of the check at indexing), ae, ae-bits; text: lsa, lsa-itq, hybrid, cascade, bow, tfidf, bm25, minhash; image: ae-bits-wide, ae-turned, phash, phash-16, dhash, ahash, whash, pdq, blockhash, colour, pixels; imported encoders by their name',
      ).default('auto'),
    )
    .addOption(new Option('--min-score <score>', 'all hits with at least this score').argParser(finiteNumber))
    .addOption(new Option('--within <distance>', 'all hits at this distance or nearer').argParser(finiteNumber))
    .addOption(new Option('--kind <kind>', 'only items of this kind').choices(['text', 'image']))
    .addOption(
      new Option('-g, --glob <pattern>', 'only paths that match (repeat for more; !pattern leaves out)').argParser(
        collectPatterns,
      ),
    )
    .addOption(
      new Option('--min-size <size>', 'only files of this size or larger (500, 20k, 1.5M)').argParser(byteSize),
    )
    .addOption(new Option('--max-size <size>', 'only files of this size or smaller').argParser(byteSize))
    .addOption(
      new Option('--since <time>', 'only files changed since a date (2026-01-31) or for so long (30d)').argParser(
        pastTime,
      ),
    )
    .addOption(new Option('--before <time>', 'only files changed before then').argParser(pastTime))
    .addOption(
      new Option('--language <code>', 'only documents in this language (ISO 639; repeat for more)').argParser(collect),
    )
    .addOption(new Option('--exact', 'compare all codes as floats: no graph, no codes in fewer bytes'))
    .addOption(
      new Option('--ef <count>', 'candidates that a search through the graph keeps: more find more').argParser(
        wholeNumber(1, 100_000),
      ),
    )
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
  $ sandglass query a.jpg b.jpg --not c.jpg            more like a and b, not like c
  $ sandglass query scan.png --within 0.1               all that are so near
  $ find new -name '*.jpg' | sandglass query --batch - -k 1
  $ pbpaste | sandglass query --text - --json
  $ sandglass query scan.png --method phash --min-score 0.8 -0 | xargs -0 ls -l`,
    );
  return {
    command,
    async run(command, signal) {
      const flags = command.opts<QueryFlags>();
      const session = new Session(command);
      if (flags.batch !== undefined && command.args.length > 0)
        throw new SandglassError('SETTING_INVALID', 'Expected files or --batch but received both.');
      if (flags.texts && flags.batch === undefined)
        throw new SandglassError('SETTING_INVALID', 'Expected --batch beside --texts.');
      const inputs = flags.batch === undefined ? await queryInputs(command.args, flags) : [];
      const index = await session.open();
      try {
        const options = optionsOf(flags, signal);
        if (flags.batch !== undefined)
          return await printMany(index.queryMany(batchInputs(flags.batch, flags.texts === true), options), session);
        const result = await index.query(inputs, options);
        for (const note of result.notes) session.notice(printable(note));
        print(result, flags, session);
        return result.hits.length > 0 ? EXIT.ok : EXIT.none;
      } finally {
        await index.close();
      }
    },
  };
}

function optionsOf(flags: QueryFlags, signal: AbortSignal): QueryOptions {
  const { k, method, minScore, within, kind, glob, minSize, maxSize, since, before, language, ef } = flags;
  return {
    ...present({ k, method, minScore, within, kind, glob, ef }),
    filter: present({ minSize, maxSize, since, before, language }),
    not: (flags.not ?? []).map((file) => ({ file: resolve(file) })),
    exact: flags.exact === true,
    explain: flags.explain === true,
    signal,
  };
}

/** A question a line; empty lines are passed over. */
async function* batchInputs(file: string, areTexts: boolean): AsyncGenerator<QueryInput, void, undefined> {
  try {
    // What Node makes of a folder at standard input is empty, and no error.
    if (file === '-' && fstatSync(0).isDirectory()) throw new Error('it is a folder');
    const input = file === '-' ? process.stdin : (await open(file)).createReadStream();
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      if (line.trim() !== '') yield areTexts ? { text: line } : { file: resolve(line) };
  } catch (cause) {
    // It is not there, or is a folder.
    throw new SandglassError('SETTING_INVALID', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function printMany(answers: AsyncIterable<ManyAnswer>, session: Session): Promise<ExitCode> {
  let [hits, errors] = [0, 0];
  for await (const answer of answers) {
    if ('error' in answer) errors++;
    else hits += answer.hits.length;
    session.print(JSON.stringify(answer));
  }
  if (errors > 0) return EXIT.error;
  return hits > 0 ? EXIT.ok : EXIT.none;
}

/** Files or a text, never guessed from one another. */
async function queryInputs(files: readonly string[], { text, frame }: QueryFlags): Promise<QueryInput[]> {
  if (files.length > 0 && text !== undefined)
    throw new SandglassError('SETTING_INVALID', 'Expected a file or --text but received both.');
  if (files.length > 0)
    return files.map((file) => ({ file: resolve(file), ...(frame === undefined ? {} : { frame }) }));
  if (frame !== undefined) throw new SandglassError('SETTING_INVALID', 'Expected a file beside --frame.');
  if (text === undefined)
    throw new SandglassError('QUERY_EMPTY', 'Expected a file or --text "words". See: sandglass query --help');
  return [{ text: text === '-' ? await standardInput() : text }];
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
      `Nothing is like it by ${result.method}${flags.minScore === undefined ? '' : ` at a score of ${flags.minScore} or more`}${flags.within === undefined ? '' : ` within ${flags.within}`}.`,
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
