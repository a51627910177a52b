/** docs/athena-sql.md and docs/athena-sql-cases.md, from the cases, their records and the translator's tables. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { casesPage } from './document-cases.ts';
import { differencesText } from './document-differences.ts';
import { examplesText } from './document-examples.ts';
import { functionsText } from './document-functions.ts';
import { refusals, refusalsText } from './document-refusals.ts';
import { clausesText, statementsText, typesText } from './document-statements.ts';
import { dialectEntries, isProof, refusalOf, type TopicEntries } from './entries.ts';
import { translatedFunctions } from './translated-functions.ts';

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url));

/** The names of the generated pages. */
export const PAGES = ['athena-sql.md', 'athena-sql-cases.md'] as const;

/** A page as it is in the project. */
export function writtenPage(page: (typeof PAGES)[number]): string {
  return readFileSync(`${DOCS}${page}`, 'utf8');
}

/** The pages as the cases, records and translator have them. */
export async function pages(
  topics: readonly TopicEntries[] = dialectEntries(),
): Promise<Record<(typeof PAGES)[number], string>> {
  return { 'athena-sql.md': await referencePage(topics), 'athena-sql-cases.md': casesPage(topics) };
}

async function referencePage(topics: readonly TopicEntries[]): Promise<string> {
  const all = topics.flatMap(({ entries }) => entries);
  const proofs = all.filter(isProof);
  const refused = refusals(all);
  const functions = functionsText(await translatedFunctions(), refused);
  const sections: [title: string, body: string[]][] = [
    ['What holds', [holdsText(topics, functions.count)]],
    ['Where Athena is not Trino 435', differencesText()],
    ['Worked examples', [EXAMPLES_HEAD, ...examplesText()]],
    ['Statements', await statementsText()],
    ['Clauses and expressions', [CLAUSES_HEAD, clausesText(proofs), TYPES_HEAD, typesText(proofs)]],
    ['Functions', [FUNCTIONS_HEAD, ...functions.text]],
    ['What is refused', [REFUSED_HEAD, ...refusalsText(refused)]],
    ['Approximate functions and last digits', [DIGITS]],
  ];
  const contents = sections.map(([title]) => `- [${title}](#${title.toLowerCase().replaceAll(' ', '-')})`);
  return [HEAD, `${contents.join('\n')}\n`, ...sections.flatMap(([title, body]) => [`## ${title}\n`, ...body])].join(
    '\n',
  );
}

const HEAD = `# Athena's SQL on a laptop

<!-- Made by \`npm run docs:athena-sql\` from test/athena-sql: change that, not this page. -->

Queries are written once, in Athena's SQL, which is Trino's. The local Athena translates them to DuckDB. It gives what Athena
gives, or it refuses the query by name; it has no answer that is almost right.
`;

function holdsText(topics: readonly TopicEntries[], functions: number): string {
  const all = topics.flatMap(({ entries }) => entries);
  const equal = all.filter(({ record }) => record.local === 'equal');
  const fails = equal.filter(entry => !isProof(entry)).length;
  const refused = all.filter(entry => refusalOf(entry) !== undefined);
  const run = refused.filter(({ record }) => 'rows' in record.trino).length;
  const [of, alike] = [all.length, equal.length].map(count => count.toLocaleString('en'));
  return `- **The authority** is a real Trino 435, Athena's engine, asked as [Athena reads its SQL](#where-athena-is-not-trino-435). It answered ${of} queries in ${topics.length} topics, over files of the
  lake's three writers; its rows, types and errors are recorded in \`test/athena-sql/records\`. It answered every saved query too; those answers are in \`test/queries/saved\`.
- **Right**: the local Athena answers ${alike} of them alike, ${fails} of these with the error that Trino gives.
- **Or refused**: it refuses ${refused.length} with \`NOT_SUPPORTED\` and the name of what it does not carry. On AWS (\`--aws\`) ${run} of these run.
- **By rules**: each of the ${functions} functions, and each clause, has a rule of its own that a recorded query proves. What has no rule is refused
  by its name before the query runs; what depends on a value is refused when such a value is met, and then the whole query fails.
- **Held**: \`npm test\` replays the records on any machine. \`npm run conformance\` asks Trino again, where Java 17 and Maven are.

Every one of the queries is in [athena-sql-cases.md](athena-sql-cases.md). The services around the SQL are in
[local-athena-and-glue.md](local-athena-and-glue.md).
`;
}

const EXAMPLES_HEAD = `These are recorded queries; the rows are Trino's, and the local Athena's too. The view \`readings\` has one row per device and
event time, \`readings_log\` every copy that was received. \`ts\` is a \`timestamp(3)\` without a zone and holds UTC; \`dt\`, the partition, is text.
`;

const CLAUSES_HEAD = 'Each with the number of recorded queries that have it and are answered alike:\n';
const TYPES_HEAD = 'Types of their results, in the same way:\n';
const FUNCTIONS_HEAD = `Forms of a function that recorded queries have and that are refused are named after its group. A form that nothing proves
(another number or type of arguments, \`DISTINCT\` or an order within it) is refused as well.
`;

const REFUSED_HEAD = `A refusal begins with \`NOT_SUPPORTED\` and names the construct as it is named here. Nothing of the query's result is kept. Expressions
under "write instead" are over \`readings\`; they are other ways to what is usually meant, not the same in every case.
`;

const DIGITS = `- \`approx_percentile\` and \`approx_distinct\` are exact here, which is within the error that Trino documents: on AWS the same query may give a
  neighbouring value. Where that matters, write the exact form: \`count(DISTINCT x)\`, or a median by \`row_number()\`.
- Functions of doubles that no computer rounds exactly (\`sin\`, \`exp\`, \`ln\`, \`power\`, \`cbrt\`, \`sinh\` and their like, and statistics such as
  \`corr\`, \`skewness\` and \`stddev\`) may differ in the last digits: Java leaves these open, and Trino's order of adding up decides them.
- Sums and averages of doubles depend on the order of addition, which neither engine promises. The saved queries round at the ninth decimal.
- The order of a map's entries, and of rows without \`ORDER BY\`, has no meaning on either side.
`;

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [page, text] of Object.entries(await pages())) writeFileSync(`${DOCS}${page}`, text);
