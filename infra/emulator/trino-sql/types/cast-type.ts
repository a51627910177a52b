/** Types as they are written in a CAST. */
import { notSupported, Refusal } from '../syntax/refusal.ts';
import { type Fields, fieldsOf, list } from '../syntax/syntax.ts';
import type { Kind, TrinoType } from './trino-type.ts';

/** A type as written in a CAST. Its zone, where it has one, is the session's, UTC. */
export function parseType(value: unknown): TrinoType {
  const fields = fieldsOf(value);
  switch (fields.data_type) {
    case 'array':
      return { kind: 'array', element: parseType(fields.element_type) };
    case 'map':
      return { kind: 'map', key: parseType(fields.key_type), value: parseType(fields.value_type) };
    case 'struct':
      return { kind: 'row', fields: list(fields.fields).map(rowField) };
  }
  const kind = WRITTEN[String(fields.data_type)];
  if (fields.data_type === 'decimal') return writtenDecimal(fields);
  if (fields.data_type === 'timestamp') {
    const precision = fields.precision ?? 3;
    if (typeof precision !== 'number' || precision > 6)
      throw notSupported(`timestamp(${precision})`, 'Use timestamp(3).');
    return fields.timezone === true
      ? { kind: 'timestamptz', precision, zone: 'UTC' }
      : { kind: 'timestamp', precision };
  }
  if (kind === 'real' && fields.real_spelling !== true)
    throw new Refusal('SYNTAX_ERROR', 'Unknown type: float. Use real or double.');
  if (kind === undefined) throw notSupported(`the type ${String(fields.name ?? fields.data_type)}`);
  return { kind } as TrinoType;
}

const WRITTEN: Record<string, Kind> = {
  boolean: 'boolean',
  tiny_int: 'tinyint',
  small_int: 'smallint',
  int: 'integer',
  big_int: 'bigint',
  double: 'double',
  var_char: 'varchar',
  date: 'date',
  float: 'real',
  json: 'json',
  var_binary: 'varbinary',
};

/** The length of a `varchar(n)` as written in a CAST. */
export function writtenLength(value: unknown): number | undefined {
  const { data_type, length } = fieldsOf(value);
  return data_type === 'var_char' && typeof length === 'number' ? length : undefined;
}

function rowField(value: unknown): { name: string | undefined; type: TrinoType } {
  const { name, data_type } = fieldsOf(value);
  const type = fieldsOf(data_type);
  if (type.data_type === 'var_char' && type.length !== undefined && type.length !== null)
    throw notSupported('varchar(n) in a row', 'Use varchar.');
  return { name: typeof name === 'string' && name !== '' ? name : undefined, type: parseType(data_type) };
}

function writtenDecimal({ precision, scale }: Fields): TrinoType {
  const digits = precision ?? 38;
  const fraction = scale ?? 0;
  if (typeof digits !== 'number' || typeof fraction !== 'number' || digits < 1 || digits > 38 || fraction > digits)
    throw new Refusal('SYNTAX_ERROR', `DECIMAL precision must be 1 to 38, and its scale no more than that.`);
  return { kind: 'decimal', precision: digits, scale: fraction };
}
