/** The types of Trino's grammar, see grammar.ts. */
import type { WordReader } from './word-reader.ts';

/** Reads a type and notes its name, and those of the types in it. */
export function readType(reader: WordReader): void {
  const name = reader.name();
  reader.types.push(name);
  if (name.keyword === 'ROW') reader.within(() => reader.list(() => rowField(reader)));
  else if (name.keyword === 'INTERVAL') {
    reader.name();
    reader.expect('TO');
    reader.name();
  } else if (name.keyword === 'TIMESTAMP' || name.keyword === 'TIME') {
    if (reader.is('(')) parameters(reader);
    if (reader.accept('WITH') || reader.accept('WITHOUT')) reader.expect('TIME', 'ZONE');
  } else if (name.keyword === 'DOUBLE') reader.accept('PRECISION');
  else if (reader.accept('<')) {
    reader.deeper(() => reader.list(() => readType(reader)));
    reader.expect('>');
  } else if (reader.is('(')) parameters(reader);
  while (reader.accept('ARRAY'))
    if (reader.accept('[')) {
      reader.take('integer');
      reader.expect(']');
    }
}

function parameters(reader: WordReader): void {
  reader.within(() =>
    reader.list(() => {
      if (reader.peek().kind === 'integer') reader.take();
      else readType(reader);
    }),
  );
}

function rowField(reader: WordReader): void {
  const isType = reader.is('DOUBLE', 'PRECISION') || reader.is('TIMESTAMP', 'WITHOUT') || reader.is('TIME', 'WITHOUT');
  if (reader.isName(1) && !isType) reader.name();
  readType(reader);
}

/** The names of Trino 435's types, and of those that its plugins and Athena add. */
const TYPES = new Set(
  `array bigint bingtile boolean char color date decimal double geometry hyperloglog int integer interval ipaddress json map
  p4hyperloglog qdigest real row setdigest smallint sphericalgeography tdigest time timestamp tinyint unknown uuid varbinary
  varchar`.split(/\s+/),
);

/** Whether Trino has a type of the name, in lower case. */
export function isTrinoType(name: string): boolean {
  return TYPES.has(name);
}
