// Control words of RTF: groups that are read, read later or passed over; words that stand for characters.

/** Groups whose content is no text of the document. */
export const PASSED_OVER = new Set(
  (
    'colortbl stylesheet listtable listoverridetable revtbl rsidtbl generator filetbl pgdsctbl themedata colorschememapping ' +
    'datastore latentstyles xmlnstbl fldinst pict nonshppict shprslt objdata objclass objname listtext pntext pnseclvl bkmkstart ' +
    'bkmkend ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn atnid atnauthor atntime atndate atnref atnparent annotationdate ' +
    'nonesttables mmathPr wgrffmtfilter template operator company category manager hlinkbase keywords doccomm subject ' +
    'xe tc rxe bxe txe private1 userprops falt panose blipuid sp themelang fchars lchars do xform xmlopen xmlclose'
  ).split(' '),
);
/** Groups that are read after the body. */
export const NOTES = new Set(['footnote', 'annotation']);
export const HEADS = new Set('header headerl headerr headerf footer footerl footerr footerf'.split(' '));
/** Groups marked as optional that are read all the same. */
export const READ_OPTIONAL = new Set(['shpinst', 'shptxt', 'annotation', 'ud', 'background', 'nesttableprops', 'info']);
export const FIELDS = new Set(['title', 'author', 'creatim', 'revtim']);
export const CHARACTERS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  lbr: '\n',
  page: '\n',
  column: '\n',
  sect: '\n',
  tab: '\t',
  emdash: '—',
  endash: '–',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
  bullet: '•',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
};
export const SYMBOLS: Readonly<Record<string, string>> = {
  '~': '\u00A0',
  _: '-',
  '-': '',
  '\n': '\n',
  '\r': '\n',
  '\\': '\\',
  '{': '{',
  '}': '}',
};
