// Groups of duplicates as lines for a person: what to keep and why, what each copy is to it.
import { type DuplicateGroup, type DuplicatePair, type GroupMember, RELATION_WORDS } from '../sandglass.ts';
import { bytes, count } from './progress.ts';
import { nearPath } from './query.ts';
import { tableText } from './table.ts';
import { printable, type Terminal } from './terminal.ts';

export function groupText(group: DuplicateGroup, number: number, out: Terminal): string {
  const [, ...copies] = group.files;
  const head = out.style(
    'bold',
    `group ${number}: ${count(group.files.length)} ${group.kind === 'image' ? 'pictures' : 'documents'}, ${bytes(group.bytes)} in ${count(copies.length)} ${copies.length === 1 ? 'copy' : 'copies'}`,
  );
  const rows = group.files.map((file, i) => [
    i === 0 ? 'keep' : '',
    out.link(file.path, printable(nearPath(file.path))),
    sizeOf(file),
    file.format,
    bytes(file.size),
    file.modified.slice(0, 10),
    i === 0 ? group.why : relationText(file),
  ]);
  const table = tableText(
    [
      ['', 'left'],
      ['file', 'left'],
      [group.kind === 'image' ? 'pixels' : 'words', 'right'],
      ['format', 'left'],
      ['size', 'right'],
      ['changed', 'left'],
      ['why', 'left'],
    ],
    rows,
  );
  return `${head}\n${table}`;
}

function sizeOf({ width, height, words }: GroupMember): string {
  if (width !== undefined && height !== undefined) return `${width}×${height}`;
  return words === undefined ? '' : count(words);
}

function relationText({ relation, probability = 1 }: GroupMember): string {
  return `${RELATION_WORDS[relation!]}${probability === 1 ? '' : `  p ${probabilityText(probability)}`}`;
}

/** Never rounded up to a certainty. */
function probabilityText(probability: number): string {
  return probability > 0.9995 ? '>0.999' : probability.toFixed(3);
}

export function pairText({ a, b, relation, probability }: DuplicatePair, out: Terminal): string {
  const [one, other] = [a, b].map((path) => out.link(path, printable(nearPath(path))));
  return `${one}  ${other}  ${RELATION_WORDS[relation]}  p ${probabilityText(probability)}`;
}
