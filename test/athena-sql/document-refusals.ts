/** The section of docs/athena-sql.md on refusals: each construct once, why, and what to write instead. */
import { type Entry, refusalOf } from './entries.ts';
import { INSTEAD } from './instead.ts';

/** A refused construct, from one or more cases. */
export interface Refused {
  construct: string;
  /** The advice and the reason in the message; empty if it has none. */
  advice: string;
  reason: string;
  /** Whether the refusal depends on a value, and so happens only while the query runs. */
  isOfValue: boolean;
  /** Whether every case of it fails on Athena too. */
  isForeign: boolean;
  cases: number;
}

/** Parts of a message that vary with the query; the text before them names the construct. */
const FAMILIES: readonly RegExp[] = [
  /^(the regular expression) '.*', (which has .*)$/,
  /^(date_format with) (.*)$/,
  /^(format_datetime with) (.*)$/,
  /^(the JSON path) (.*)$/,
  /^(the time zone offset) (.*)$/,
  /^(the type) (.*)$/,
  /^(a literal) (.*)$/,
  /^(the comparison of) (.*)$/,
  /^(format's) (.*)$/,
  /^(a year that is not written with four digits)()/,
  /^(an? .* column that a file holds as) (.*?) \(.*\)$/,
];

/** The refusals of the cases, each construct once, in case order. */
export function refusals(entries: readonly Entry[]): Refused[] {
  const found = new Map<string, Refused & { tails: Set<string> }>();
  for (const entry of entries) {
    const message = refusalOf(entry);
    if (message === undefined) continue;
    const { head, tail, advice, reason, isOfValue } = partsOf(message);
    const key = `${head}\n${advice}`;
    const same = found.get(key) ?? {
      ...{ construct: head, advice, reason, isOfValue, isForeign: true, cases: 0 },
      tails: new Set(),
    };
    same.isForeign &&= 'error' in entry.record.trino;
    same.cases++;
    if (tail !== '') same.tails.add(tail);
    found.set(key, same);
  }
  return [...found.values()].map(({ tails, ...refused }) => ({
    ...refused,
    construct: [refused.construct, [...tails].join(', ')].filter(part => part !== '').join(' '),
  }));
}

interface Parts {
  head: string;
  tail: string;
  advice: string;
  reason: string;
  isOfValue: boolean;
}

function partsOf(message: string): Parts {
  const text = message.replace(/^NOT_SUPPORTED: /, '');
  const [, construct, advice = ''] =
    /^Sluice's local Athena does not translate (.*?) yet\.(?: (.*))?$/.exec(text) ?? [];
  if (construct !== undefined) {
    const [, head = construct, tail = ''] = FAMILIES.map(family => family.exec(construct)).find(Boolean) ?? [];
    return { head, tail, advice, reason: '', isOfValue: false };
  }
  // The text after `: ` is the value; `; ` outside parentheses starts the advice.
  const [, what = text, instead = ''] = /^((?:[^(;]|\([^)]*\))*?)(?:; (.*?))?(?:: .*)?$/.exec(text) ?? [];
  const [head = what, reason = ''] = what.replace(/^(reading of the time) .*$/, '$1 that was met').split(', since ');
  return { head, tail: '', advice: instead, reason, isOfValue: true };
}

const SECTIONS: readonly [title: string, about: RegExp][] = [
  ['Declared types of file columns', /^an? .* column that a file holds|their varchar/],
  ['Regular expressions', /regular expression|^regexp/],
  ['JSON', /json/i],
  [
    'Times and zones',
    /^(?!the type).*(time zone|EXTRACT|interval|\byear|date|time\b|datetime|unixtime|iso8601|epoch|human_readable)/,
  ],
  [
    'Types, casts and literals',
    /\bcast|CAST|^a literal|string literal|^the type|unicode|typeof|result of type|untyped|^<: /,
  ],
  [
    'Clauses, joins, windows and conditions',
    /GROUP BY|ORDER BY|UNION|INTERSECT|EXCEPT|subquery|join|WITH|FETCH|RANGE|window|frame|FILTER|table|match recognize|TABLE|comparison|ANY|ALL\b|^IN of|TRY around|CASE|is true/,
  ],
];
const REST = 'Functions of numbers, text and collections';

/** The refusals in Markdown: a table for each kind of construct, then those that Athena does not support either. */
export function refusalsText(all: readonly Refused[]): string[] {
  const own = all.filter(({ isForeign }) => !isForeign);
  const sections = new Map([...SECTIONS.map(([title]) => title), REST].map(title => [title, [] as Refused[]]));
  for (const refused of own)
    sections.get(SECTIONS.find(([, about]) => about.test(refused.construct))?.[0] ?? REST)?.push(refused);
  const tables = [...sections].flatMap(([title, list]) =>
    list.length === 0
      ? []
      : [`### ${title}\n`, '| refused | why | write instead |\n|---|---|---|', ...rowsOf(list), ''],
  );
  const foreign = all.filter(({ isForeign }) => isForeign);
  const advised = foreign.filter(refused => insteadOf(refused) !== '');
  const others = foreign.filter(refused => insteadOf(refused) === '');
  return [
    ...tables,
    '### What fails on Athena too\n',
    'The recorded queries with these constructs fail in Trino too, with another error.\n',
    ...advised.map(refused => `- ${escaped(refused.construct)}: ${insteadOf(refused)}`),
    `- ${others.map(({ construct }) => escaped(construct)).join('; ')}`,
    '',
  ];
}

/** Rows of a table; constructs without their own advice or reason share one. */
function rowsOf(list: readonly Refused[]): string[] {
  const rows = new Map<string, string[]>();
  for (const refused of list) {
    const end = `${whyOf(refused)} | ${insteadOf(refused)}`;
    rows.set(end, [...(rows.get(end) ?? []), escaped(refused.construct)]);
  }
  return [...rows].map(([end, constructs]) => `| ${constructs.join('; ')} | ${end} |`);
}

function noteOf({ construct }: Refused) {
  return INSTEAD.find(({ of }) => of.test(construct));
}

function whyOf(refused: Refused): string {
  const reason = noteOf(refused)?.why ?? refused.reason;
  if (reason !== '') return reason;
  return refused.isOfValue ? 'no proof for such a value' : 'no rule yet';
}

/** The message's advice, and a form that is translated. */
function insteadOf(refused: Refused): string {
  const sql = noteOf(refused)?.sql;
  return [escaped(refused.advice), ...(sql === undefined ? [] : [`\`${sql.replaceAll('|', '\\|')}\``])]
    .filter(Boolean)
    .join(' ');
}

/** Escapes a message for Markdown, which would interpret `*`, `[` and similar, and end a table cell at `|`. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\*_<[|`]/g, '\\$&');
}
