/** The wording of measures, values and hours in a report. */
import { escapeHtml } from './html.ts';
import type { DayMeasure } from './model.ts';
import { readable } from './number.ts';

/** A measure within a sentence: `co`, `relative humidity`. */
export function wordOf({ name }: Pick<DayMeasure, 'name'>): string {
  return name.replaceAll('_', ' ').trim() || name;
}

/** A measure at the beginning of a line: `Relative humidity`. */
export function heading(measure: Pick<DayMeasure, 'name'>): string {
  const word = wordOf(measure);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A value without its unit, `–` if there is none. Averages of whole numbers have decimals; their extremes do not. */
export function figureOf(
  value: number | null | undefined,
  { decimals, whole }: DayMeasure,
  of: 'min' | 'avg' | 'max' = 'avg',
): string {
  if (value === null || value === undefined) return '–';
  return readable(value, whole && of !== 'avg' ? 0 : decimals);
}

export function withUnit(value: number, measure: DayMeasure, of: 'min' | 'avg' | 'max'): string {
  const text = figureOf(value, measure, of);
  return measure.unit === '' ? text : `${text} ${measure.unit}`;
}

/** `, °C` as HTML; nothing for a measure without a unit. */
export function inUnit({ unit }: Pick<DayMeasure, 'unit'>): string {
  return unit === '' ? '' : `, ${escapeHtml(unit)}`;
}

/** Ranges of hours as HTML, each kept on one line. */
export function ranges(missing: readonly string[]): string {
  return missing.length === 0 ? '–' : missing.map(range => `<span>${escapeHtml(range)}</span>`).join(', ');
}
