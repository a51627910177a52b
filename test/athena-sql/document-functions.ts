/**
 * The section of docs/athena-sql.md on functions: those with a rule, by group, and which of their forms are refused.
 */

import { escaped, type Refused } from './document-refusals.ts';

/** The groups whose title differs from their table's name. */
const TITLES: Record<string, string> = {
  AGGREGATE: 'Aggregates',
  ARRAY: 'Arrays',
  BIT: 'Bits, bases and buckets',
  CONDITION: 'Conditions',
  JSON: 'JSON',
  LAMBDA: 'With a lambda',
  MAP: 'Maps and rows',
  MATH: 'Numbers',
  REGEX: 'Regular expressions',
  SCALAR: 'Other spellings',
  TIME: 'Dates, times and zones',
  WINDOW: 'Windows',
};

/** The tables by title, each function in the first that has it; SCALAR_FUNCTIONS repeats functions of others. */
function groups(tables: ReadonlyMap<string, readonly string[]>): [title: string, names: string[]][] {
  const seen = new Set<string>();
  const own = [...tables].sort(([a], [b]) => Number(a === 'SCALAR_FUNCTIONS') - Number(b === 'SCALAR_FUNCTIONS'));
  return own
    .map(([table, functions]): [string, string[]] => {
      const names = functions.filter(name => !seen.has(name));
      for (const name of names) seen.add(name);
      const key = table.replace(/_FUNCTIONS$/, '');
      return [TITLES[key] ?? `${key.charAt(0)}${key.slice(1).toLowerCase().replaceAll('_', ' ')}`, names];
    })
    .filter(([, names]) => names.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The functions in Markdown, one group at a time. */
export function functionsText(
  tables: ReadonlyMap<string, readonly string[]>,
  refusals: readonly Refused[],
): { text: string[]; count: number } {
  const all = groups(tables);
  const forms = refusals.filter(({ isForeign }) => !isForeign);
  const text = all.map(([title, names]) => {
    const refused = forms.filter(({ construct }) => names.includes(functionOf(construct)));
    const but =
      refused.length === 0
        ? ''
        : ` *Refused*: ${refused.map(({ construct }) => escaped(formOf(construct))).join('; ')}.`;
    return `- **${title}**: ${quoted(names)}.${but}`;
  });
  const missing = forms.flatMap(({ construct }) => /^the function (\w+)$/.exec(construct)?.[1] ?? []);
  const [known, unknown] = [new Set(all.flatMap(([, names]) => names)), new Set(missing)];
  const without = [...unknown].filter(name => !known.has(name)).sort();
  return {
    count: known.size,
    text: [
      ...text,
      `- **Not translated**, although Athena has them: ${quoted(without)}.\n`,
      'Every other function that is not on this page is refused too, before the query runs. The error names it.\n',
    ],
  };
}

/** A function of which one form is refused under its bare name. */
function formOf(construct: string): string {
  return construct.replace(/^the function (\w+)$/, '$1 in another form');
}

function quoted(names: readonly string[]): string {
  return names.map(name => `\`${name}\``).join(', ');
}

/** The function that a construct is a form of: `date_format with %D`, `max(x, n) of double`. */
export function functionOf(construct: string): string {
  return /^(?:the function |ORDER BY in |DISTINCT in )?([a-z_0-9]+)\b/.exec(construct)?.[1] ?? '';
}
