/** Tables of CSV files with OpenCSVSerde. */

import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { fieldsOf } from './csv-lines.ts';
import type { NamedTable } from './table-files.ts';
import { headerLines, type TextFormat } from './text-source.ts';

/**
 * Checks that the rows of an OpenCSVSerde table can be read here. All its columns are strings, and an empty field is an
 * empty string; a line's missing fields are NULL, those that are too many count for nothing. Throws a `Refusal`.
 */
export function csvFormat({ columns, table }: NamedTable): TextFormat {
  const other = columns.find(({ type }) => type.kind !== 'varchar');
  if (other !== undefined)
    throw notSupported(
      `column '${other.name}' of a CSV table with a type other than string`,
      'Make it string, and CAST it.',
    );
  const given = table.StorageDescriptor?.SerdeInfo?.Parameters ?? {};
  const character = (name: string, fallback: string) => {
    const value = given[name] ?? fallback;
    if (value.length !== 1) throw notSupported(`the ${name} '${value}' of a CSV table`);
    return value;
  };
  const characters = {
    separator: character('separatorChar', ','),
    quote: character('quoteChar', '"'),
    escaper: character('escapeChar', '\\'),
  };
  return { headerLines: headerLines(table), valuesOf: line => fieldsOf(line, characters) };
}
