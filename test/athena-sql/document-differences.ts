/** The section of docs/athena-sql.md on how Athena differs from Trino 435, each difference with its source. */

/** A difference: its construct, the behaviour of each, and the sources. */
interface Difference {
  of: string;
  athena: string;
  trino: string;
  sources: readonly [text: string, url: string][];
}

const AWS = 'https://docs.aws.amazon.com/athena/latest/ug';

const DIFFERENCES: readonly Difference[] = [
  {
    of: 'a literal with a decimal point: `1.5`, `.5`, `1.`, in a query and as a parameter',
    athena: 'a DOUBLE: `1 / 3.0` is 0.3333333333333333, `1 / 0.0` is Infinity',
    trino: 'a DECIMAL since release 428: `1 / 3.0` is 0.3, `1 / 0.0` fails',
    sources: [
      ["AWS, example literals: DOUBLE `1.234`, DECIMAL `DECIMAL '123.456'`", `${AWS}/data-types-examples.html`],
      ['AWS, literals of decimals', `${AWS}/data-types-considerations.html`],
      ['an Athena engineer', 'https://github.com/prestodb/presto/issues/17859'],
      [
        'the live tests of awswrangler: `1.2` is a float64',
        'https://github.com/aws/aws-sdk-pandas/blob/main/tests/unit/test_athena.py',
      ],
      ['what changed in Trino 428, and `1e0` in its place', 'https://github.com/trinodb/trino/issues/20293'],
    ],
  },
  {
    of: 'types in `CREATE TABLE (…)` and other DDL',
    athena: "Hive's names (`string`, `int`, `float`), Trino's in queries and `CREATE TABLE AS`",
    trino: "Trino's names in both",
    sources: [['AWS, data types', `${AWS}/data-types.html`]],
  },
];

/** The table of differences, and why the records can stand for Athena anyway. */
export function differencesText(): string[] {
  const rows = DIFFERENCES.map(({ of, athena, trino, sources }) => {
    const links = sources.map(([text, url]) => `[${text}](${url})`).join('; ');
    return `| ${of} | ${athena} | ${trino} | ${links} |`;
  });
  return [`| construct | Athena | Trino 435 | source |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`, ASKED];
}

const ASKED = `Trino 435 no longer has the setting that Athena keeps. The tests therefore ask it with an exponent on each literal that has a decimal point:
\`1.5e0\` for \`1.5\`. They change tokens only, never texts, names or comments.

Trino 427 still has the setting (\`parse-decimal-literals-as-double\`), but only its engine is available, without tables.
\`npm run conformance -- literals\` asks it the unchanged cases that have such a literal and read no table. Its answers must match the records.
`;
