/** `WITH (name = value, …)` of CTAS and UNLOAD. */
import { notSupported } from '../../trino-sql/syntax/refusal.ts';
import { StatementError } from '../language/statement-error.ts';
import type { TokenReader } from '../language/token-reader.ts';

export type OptionValue = string | number | boolean | string[];
export type TableOptions = Map<string, OptionValue>;

/** Takes `(name = value, …)`: strings, numbers, booleans and arrays of strings. Names lower case. */
export function readOptions(reader: TokenReader): TableOptions {
  return new Map(
    reader.list(() => {
      const name = reader.name();
      reader.expect('=');
      return [name, readValue(reader)] as const;
    }),
  );
}

function readValue(reader: TokenReader): OptionValue {
  if (reader.accept('TRUE')) return true;
  if (reader.accept('FALSE')) return false;
  if (reader.peek().kind === 'number') return reader.number();
  if (!reader.accept('ARRAY')) return reader.string();
  reader.expect('[');
  const items: string[] = [];
  if (!reader.at(']')) {
    items.push(reader.string());
    while (reader.accept(',')) items.push(reader.string());
  }
  reader.expect(']');
  return items;
}

/** Refuses options beside `known` by name. */
export function onlyOptions(options: TableOptions, known: readonly string[], statement: string): void {
  for (const name of options.keys())
    if (!known.includes(name)) throw notSupported(`the property ${name} of ${statement}`);
}

/** A text option in lower case; undefined where it is absent. */
export function textOption(options: TableOptions, name: string): string | undefined {
  const value = options.get(name);
  if (value !== undefined && typeof value !== 'string') throw invalidOption(name, 'a string');
  return value;
}

/** An option that is an array of column names, lower case; empty where it is absent. */
export function namesOption(options: TableOptions, name: string): string[] {
  const value = options.get(name) ?? [];
  if (!Array.isArray(value)) throw invalidOption(name, "an array, such as ARRAY['dt']");
  return value.map(each => each.toLowerCase());
}

function invalidOption(name: string, wanted: string): StatementError {
  return new StatementError(`INVALID_TABLE_PROPERTY: Unable to set table property '${name}': it must be ${wanted}`);
}

const CODECS: Record<string, string> = { snappy: 'snappy', zstd: 'zstd', gzip: 'gzip', none: 'uncompressed' };

/** The Parquet codec of the first of `names` that is there, gzip as Athena's default. */
export function codecOption(options: TableOptions, names: readonly string[]): string {
  const given = names.map(name => textOption(options, name)).find(value => value !== undefined) ?? 'gzip';
  const codec = CODECS[given.toLowerCase()];
  if (codec === undefined) throw notSupported(`the compression ${given}`, 'Use SNAPPY, ZSTD, GZIP or NONE.');
  return codec;
}
