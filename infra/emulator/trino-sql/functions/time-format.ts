/** Formats of dates and times: MySQL's, of date_format and date_parse, and Joda-Time's, of format_datetime and parse_datetime. */
import { notSupported } from '../syntax/refusal.ts';

/** What stands for a field: its text by strftime, and how it is read. Without `read` it is not read. */
interface Token {
  write: string;
  /** The regular expression of what is read, and of what Trino reads beyond that, which is refused. */
  read?: { exact: string; also?: string; strptime: string };
}

const number = (digits: string, strptime: string, also?: string) => ({
  exact: `[0-9]${digits}`,
  strptime,
  ...(also !== undefined && { also }),
});
const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December';
const SHORT_MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const YEAR = number('{4}', '%Y', '[0-9]+');
const MONTH = number('{1,2}', '%m');
const DAY = number('{1,2}', '%d');
const HOUR = number('{1,2}', '%H');
const MINUTE = number('{1,2}', '%M');
const SECOND = number('{1,2}', '%S');
const SHORT = { exact: SHORT_MONTHS, also: '[A-Za-z]+', strptime: '%b' };
const LONG = { exact: MONTHS, also: '[A-Za-z]+', strptime: '%B' };

const MYSQL: Record<string, Token> = {
  a: { write: '%a' },
  b: { write: '%b', read: SHORT },
  c: { write: '%-m', read: MONTH },
  d: { write: '%d', read: DAY },
  e: { write: '%-d', read: DAY },
  f: { write: '%f', read: { exact: '[0-9]{1,6}', also: '[0-9]+', strptime: '%f' } },
  H: { write: '%H', read: HOUR },
  h: { write: '%I' },
  I: { write: '%I' },
  i: { write: '%M', read: MINUTE },
  j: { write: '%j' },
  k: { write: '%-H', read: HOUR },
  l: { write: '%-I' },
  M: { write: '%B', read: LONG },
  m: { write: '%m', read: MONTH },
  p: { write: '%p' },
  r: { write: '%I:%M:%S %p' },
  S: { write: '%S', read: SECOND },
  s: { write: '%S', read: SECOND },
  T: { write: '%H:%M:%S', read: { exact: '[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}', strptime: '%H:%M:%S' } },
  v: { write: '%V' },
  W: { write: '%A' },
  x: { write: '%G' },
  Y: { write: '%Y', read: YEAR },
  y: { write: '%y' },
  '%': { write: '%%', read: { exact: '%', strptime: '%%' } },
};

const JODA: Record<string, Token> = {
  yyyy: { write: '%Y', read: YEAR },
  yy: { write: '%y' },
  MM: { write: '%m', read: MONTH },
  M: { write: '%-m', read: MONTH },
  MMM: { write: '%b', read: SHORT },
  MMMM: { write: '%B', read: LONG },
  dd: { write: '%d', read: DAY },
  d: { write: '%-d', read: DAY },
  HH: { write: '%H', read: HOUR },
  H: { write: '%-H', read: HOUR },
  hh: { write: '%I' },
  h: { write: '%-I' },
  mm: { write: '%M', read: MINUTE },
  m: { write: '%-M', read: MINUTE },
  ss: { write: '%S', read: SECOND },
  s: { write: '%-S', read: SECOND },
  SSS: { write: '%g', read: { exact: '[0-9]{3}', also: '[0-9]+', strptime: '%f' } },
  a: { write: '%p' },
  D: { write: '%-j' },
  DDD: { write: '%j' },
  EEE: { write: '%a' },
  EEEE: { write: '%A' },
  xxxx: { write: '%G' },
  ww: { write: '%V' },
};

/** A format taken apart; a piece of text is `{ text }`. */
type Piece = { text: string } | Token;

function mysqlPieces(format: string, name: string): Piece[] {
  return (format.match(/%.?|[^%]+/gs) ?? []).map(part => {
    if (!part.startsWith('%')) return { text: part };
    const token = MYSQL[part.slice(1)];
    if (token === undefined) throw notSupported(`${name} with ${part}`);
    return token;
  });
}

function jodaPieces(format: string, name: string): Piece[] {
  return (format.match(/'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']+/g) ?? []).map(part => {
    if (part === "''") return { text: "'" };
    if (part.startsWith("'")) return { text: part.slice(1, -1).replaceAll("''", "'") };
    if (!/^[A-Za-z]/.test(part)) return { text: part };
    const token = JODA[part];
    if (token === undefined)
      throw notSupported(`${name} with ${part}`, 'There are yyyy, MM, dd, HH, mm, ss, SSS and more.');
    return token;
  });
}

function pieces(format: string, name: string): Piece[] {
  return name.startsWith('date_') ? mysqlPieces(format, name) : jodaPieces(format, name);
}

/** The format as DuckDB's strftime takes it. */
export function writeFormat(format: string, name: string): string {
  return pieces(format, name)
    .map(piece => ('text' in piece ? piece.text.replaceAll('%', '%%') : piece.write))
    .join('');
}

/** How a text of the format is read: what it must look like, what else Trino reads, and the format for strptime. */
export function readFormat(format: string, name: string): { exact: string; also: string; strptime: string } {
  const parts = pieces(format, name).map(piece => {
    if ('text' in piece) {
      const literal = piece.text.replaceAll(/[\\^$.[\]|()*+?{}]/g, '\\$&');
      return { exact: literal, also: literal, strptime: piece.text.replaceAll('%', '%%') };
    }
    const { read } = piece;
    if (read === undefined) throw notSupported(`${name} of a format with this field of '${format}'`);
    return { exact: `(?:${read.exact})`, also: `(?:${read.also ?? read.exact})`, strptime: read.strptime };
  });
  const join = (of: 'exact' | 'also' | 'strptime') => parts.map(part => part[of]).join('');
  // Digits beside digits: how many belong to which field is Joda's to say.
  const fields = join('exact');
  if (/\}\)\(\?:\[0-9\]/.test(fields.replaceAll('(?:[0-9]{4})(?:[0-9]{1,2})(?:[0-9]{1,2})', '')))
    if (!/^\(\?:\[0-9\]\{4\}\)(?:\(\?:\[0-9\]\{1,2\}\))+$/.test(fields))
      throw notSupported(`${name} with numbers side by side`);
  const strptime = join('strptime');
  if (!strptime.includes('%Y')) throw notSupported(`${name} of a format without a year`);
  return { exact: fields, also: join('also'), strptime };
}
