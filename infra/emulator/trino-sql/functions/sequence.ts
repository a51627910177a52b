/** `sequence(start, stop[, step])` of whole numbers, dates and timestamps. */

import { notSupported, Refusal } from '../syntax/refusal.ts';
import { BIGINT, isIntegral, type TrinoType } from '../types/trino-type.ts';
import { coerce, type Typed, unify } from '../types/typed-expression.ts';
import { isInterval } from './interval.ts';
import { unexpected } from './scalar-rule.ts';

/** Both ends are in it where the steps meet them. More than 10,000 elements, and a step away from the end, are errors. */
export function sequence(from: Typed, to: Typed, step: Typed | undefined): Typed {
  if (isIntegral(from.type)) {
    const [start, stop] = [from, to].map(each => coerce(each, BIGINT, 'sequence').sql);
    const by = step === undefined ? `trino_direction(${start}, ${stop})` : coerce(step, BIGINT, 'sequence').sql;
    return { sql: `trino_sequence(${start}, ${stop}, ${by})`, type: { kind: 'array', element: BIGINT } };
  }
  const { values, type } = unify([from, to], 'sequence');
  if (type.kind !== 'date' && type.kind !== 'timestamp') throw unexpected('sequence', from, to, step);
  const [start = '', stop = ''] = values.map(value => value.sql);
  if (step === undefined && type.kind === 'timestamp') throw unexpected('sequence', from, to);
  if (step !== undefined && !isInterval(step.type)) throw unexpected('sequence', from, to, step);
  const array: TrinoType = { kind: 'array', element: type };
  if (step?.type.kind === 'interval-year') return { sql: months(start, stop, step, type), type: array };
  if (type.kind === 'date') {
    const by = step === undefined ? `trino_direction(${start}, ${stop})` : `trino_whole_days(${step.sql})`;
    const days = `trino_sequence(0, CAST(${stop} - ${start} AS BIGINT), ${by})`;
    return { sql: `list_transform(${days}, lambda i1: CAST(${start} + CAST(i1 AS INTEGER) AS DATE))`, type: array };
  }
  const span = `epoch_ms(${stop}) - epoch_ms(${start})`;
  if (type.kind === 'timestamp' && type.precision > 3)
    throw notSupported('sequence of timestamps finer than milliseconds', 'Cast to timestamp(3).');
  const steps = `trino_sequence(0, ${span}, ${step?.sql ?? ''})`;
  return {
    sql: `list_transform(${steps}, lambda i1: ${start} + to_microseconds(i1 * 1000))`,
    type: array,
  };
}

function months(start: string, stop: string, step: Typed, type: TrinoType): string {
  const count = step.interval?.months ?? 0;
  if (count <= 0) throw notSupported('sequence by months backwards, or by an interval that is not a literal');
  if (type.kind !== 'date' && type.kind !== 'timestamp') throw new Refusal('TYPE_MISMATCH', 'sequence of months');
  const held = type.kind === 'date' ? 'DATE' : 'TIMESTAMP';
  const all = `trino_sequence(0, trino_month_span(CAST(${start} AS TIMESTAMP), CAST(${stop} AS TIMESTAMP)), ${count})`;
  return `list_transform(${all}, lambda i1: CAST(${start} + to_months(CAST(i1 AS INTEGER)) AS ${held}))`;
}
