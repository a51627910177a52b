/** Tables of delimited text with LazySimpleSerDe: fields between delimiters, without quotes. */

import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { fieldText, requireFieldType } from './field-text.ts';
import type { NamedTable } from './table-files.ts';
import { headerLines, type TextFormat } from './text-source.ts';

/** Checks that a LazySimpleSerDe table can be read here. Throws a `Refusal`. */
export function delimitedFormat({ columns, table }: NamedTable): TextFormat {
  for (const column of columns) requireFieldType(column);
  const given = table.StorageDescriptor?.SerdeInfo?.Parameters ?? {};
  const delimiter =
    given['field.delim'] ??
    (given['serialization.format'] === '1' ? undefined : given['serialization.format']) ??
    '\u0001';
  if (delimiter.length !== 1) throw notSupported(`the field.delim '${delimiter}'`);
  if (!['\n', undefined].includes(given['line.delim'])) throw notSupported('a line.delim other than a line break');
  const nullText = given['serialization.null.format'] ?? '\\N';
  const escaper = given['escape.delim'];
  const valuesOf = (line: string) => {
    if (escaper !== undefined && line.includes(escaper))
      throw notSupported(`an escape character in a text file (${line.slice(0, 80)})`);
    const fields = line.split(delimiter);
    return columns.map(({ name, type }, index) => {
      const text = fields[index];
      return text === undefined || text === nullText ? undefined : fieldText(text, name, type);
    });
  };
  return { headerLines: headerLines(table), valuesOf };
}
