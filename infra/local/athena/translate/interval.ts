/** INTERVAL literals. */
import { notSupported } from './refusal.ts';
import { type Fields, node, only } from './syntax.ts';
import type { Typed } from './typed.ts';

const INTERVAL_MS: Record<string, number> = { Day: 86_400_000, Hour: 3_600_000, Minute: 60_000, Second: 1_000 };

/** An INTERVAL literal; `translate` is for the expression in it. */
export function interval(fields: Fields, translate: (value: unknown) => Typed): Typed {
  only(fields, ['this', 'unit'], 'INTERVAL');
  const { kind, fields: amount } = node(fields.this);
  const negative = kind === 'neg';
  const { constant, type } = translate(negative ? amount.this : fields.this);
  // `{type, unit}`, the parser's own shape.
  const unit = fields.unit as { type?: string; unit?: string } | null;
  if (
    constant === undefined ||
    type.kind !== 'varchar' ||
    !/^[+-]?\d{1,9}$/.test(constant) ||
    unit?.type !== 'simple' ||
    unit.unit === undefined
  )
    throw notSupported('this INTERVAL', "Write it as INTERVAL '1' DAY.");
  const count = Number(constant) * (negative ? -1 : 1);
  const months = { Year: 12, Month: 1 }[unit.unit];
  if (months !== undefined)
    return { sql: 'NULL', type: { kind: 'interval-year' }, interval: { months: count * months, millis: 0 } };
  const ms = INTERVAL_MS[unit.unit];
  if (ms === undefined) throw notSupported(`INTERVAL in ${unit.unit.toLowerCase()}s`);
  return { sql: 'NULL', type: { kind: 'interval-day' }, interval: { months: 0, millis: count * ms } };
}
