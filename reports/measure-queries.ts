/**
 * The report's two queries: the saved daily-temperature and hourly-temperature, with the contract's measures in place
 * of their own. So Athena's named query and the report share one text, and a contract of temperature and humidity
 * runs the queries as saved.
 */
import type { SavedQuery } from '../queries/saved-queries.ts';

/** A measure by its column name, already checked by the contract. */
interface Named {
  name: string;
}

/** The columns in the saved queries, in order. */
const SAVED = ['temperature', 'humidity'];

/** Column names that hourly-temperature uses itself: a measure with such a name would be ambiguous. */
export const QUERY_NAMES: ReadonlySet<string> = new Set(['hour_start', 'local_hour', 'minutes_past']);

/** Names of a measure's values in the results of the two queries. */
export interface ResultColumns {
  min: string;
  avg: string;
  max: string;
  /** Number of the hour's readings that have the measure. */
  readings: string;
}

/** The result columns of each measure. Numbered except for the saved ones, so that all are distinct. */
export function resultColumns(measures: readonly Named[]): ResultColumns[] {
  return measures.map(({ name }, index) => {
    const tag = SAVED.includes(name) ? name : `measure_${index + 1}`;
    return { min: `min_${tag}`, avg: `avg_${tag}`, max: `max_${tag}`, readings: `${tag}_readings` };
  });
}

/** daily-temperature over other measures: the minimum, average and maximum of each. */
export function dailyQuery(saved: SavedQuery, measures: readonly Named[]): SavedQuery {
  return replaceLists(saved, measures, [dailyValues]);
}

/** hourly-temperature over other measures: the minimum, average and maximum of the first, the average of the others. */
export function hourlyQuery(saved: SavedQuery, measures: readonly Named[]): SavedQuery {
  return replaceLists(saved, measures, [readColumns, passedColumns, hourlyValues]);
}

/** Whether the report runs the saved queries unchanged. */
export function asksAsSaved(measures: readonly Named[]): boolean {
  return measures.length === SAVED.length && measures.every(({ name }, index) => name === SAVED[index]);
}

/** A part of a query that lists the measures, with the names of their values. */
type List = (measures: readonly Listed[]) => string;

interface Listed {
  /** The column as SQL. */
  column: string;
  values: ResultColumns;
}

const dailyValues: List = measures => measures.flatMap(statistics).join(',\n  ');

const readColumns: List = measures => `SELECT deviceid, ts, ${measures.map(({ column }) => column).join(', ')},`;

const passedColumns: List = measures =>
  `    local_hour,\n    ${measures.map(({ column }) => column).join(',\n    ')}\n`;

const hourlyValues: List = ([lead, ...others]) => {
  const all = lead === undefined ? others : [lead, ...others];
  return [
    ...(lead === undefined ? [] : statistics(lead)),
    ...others.map(average),
    ...all.map(({ column, values }) => `count(${column}) AS ${values.readings}`),
  ].join(',\n  ');
};

function statistics({ column, values }: Listed): string[] {
  return [`min(${column}) AS ${values.min}`, average({ column, values }), `max(${column}) AS ${values.max}`];
}

function average({ column, values }: Listed): string {
  return `round(avg(${column}), 9) AS ${values.avg}`;
}

function replaceLists(saved: SavedQuery, measures: readonly Named[], lists: List[]): SavedQuery {
  const own = listed(SAVED.map(name => ({ name })));
  const wanted = listed(measures);
  const sql = lists.reduce((text, list) => {
    const parts = text.split(list(own));
    if (parts.length !== 2)
      throw new Error(`${saved.name}.sql does not list its measures in the form the report expects.`);
    return parts.join(list(wanted));
  }, saved.sql);
  return { ...saved, sql };
}

function listed(measures: readonly Named[]): Listed[] {
  const values = resultColumns(measures);
  return measures.flatMap(({ name }, index) => {
    const own = values[index];
    // Quoted, because a measure may be called order or group.
    return own === undefined ? [] : [{ column: SAVED.includes(name) ? name : `"${name}"`, values: own }];
  });
}
