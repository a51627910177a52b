/** Column types: Hive's, as DDL writes them and Glue keeps them, and what a query's types are in Hive. */
import { Refusal } from '../../trino-sql/syntax/refusal.ts';
import { type TrinoType, trinoName } from '../../trino-sql/types/trino-type.ts';
import type { TokenReader } from './token-reader.ts';

const PLAIN = new Set(
  'tinyint smallint int bigint boolean float double string binary timestamp date decimal char varchar'.split(' '),
);
const MAX_DEPTH = 50;

/** Takes a type, such as `array<struct<a:int,b:string>>`, and gives it as Glue keeps it. */
export function readHiveType(reader: TokenReader, depth = 0): string {
  if (depth > MAX_DEPTH) throw new Refusal('SYNTAX_ERROR', `a type is nested deeper than ${MAX_DEPTH}`);
  const inner = () => readHiveType(reader, depth + 1);
  const { kind, text } = reader.peek();
  const name = text.toLowerCase();
  if (kind !== 'word') reader.fail('<type>');
  if (name === 'integer') reader.fail("'int' (integer is no type of DDL's)");
  if (PLAIN.has(name)) return reader.name() + parameters(reader);
  if (!['array', 'map', 'struct'].includes(name)) reader.fail('<type>');
  reader.name();
  reader.expect('<');
  const members = [name === 'struct' ? field(reader, inner) : inner()];
  while (name !== 'array' && reader.accept(',')) members.push(name === 'struct' ? field(reader, inner) : inner());
  if (name === 'map' && members.length !== 2) reader.fail("','");
  reader.expect('>');
  return `${name}<${members.join(',')}>`;
}

function field(reader: TokenReader, type: () => string): string {
  const name = reader.name();
  reader.expect(':');
  return `${name}:${type()}`;
}

function parameters(reader: TokenReader): string {
  return reader.at('(') ? `(${reader.list(() => reader.number()).join(',')})` : '';
}

/** The Hive type of a query's column that is written to a table. Throws a `Refusal` where Hive has none. */
export function hiveType(type: TrinoType): string {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'bigint':
    case 'double':
    case 'date':
      return type.kind;
    case 'integer':
      return 'int';
    case 'real':
      return 'float';
    case 'varchar':
      return 'string';
    case 'varbinary':
      return 'binary';
    case 'decimal':
      return trinoName(type);
    case 'timestamp':
      return 'timestamp';
    case 'array':
      return `array<${hiveType(type.element)}>`;
    case 'map':
      return `map<${hiveType(type.key)},${hiveType(type.value)}>`;
    case 'row':
      return `struct<${type.fields.map(field => `${fieldName(field.name, type)}:${hiveType(field.type)}`).join(',')}>`;
    default:
      throw new Refusal('NOT_SUPPORTED', `Unsupported Hive type: ${trinoName(type)}`);
  }
}

function fieldName(name: string | undefined, row: TrinoType): string {
  if (name === undefined)
    throw new Refusal(
      'NOT_SUPPORTED',
      `Anonymous row type is not supported in Hive. Please give each field a name: ${trinoName(row)}`,
    );
  // A name of other characters could not be read back out of the type.
  if (!/^\w+$/.test(name)) throw new Refusal('NOT_SUPPORTED', `the name of the field '${name}' in ${trinoName(row)}`);
  return name.toLowerCase();
}
