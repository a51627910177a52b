/**
 * The report's two queries: the saved daily-temperature and hourly-temperature, with the contract's measures in place of their
 * own. So there is one text of each, which Athena's named query and the report share, and a contract of temperature and
 * humidity asks them as they are saved.
 */
import type { SavedQuery } from '../queries/saved-queries.ts';

/** A measure by its column's name, as the contract has checked it. */
interface Named {
  name: string;
}

/** The columns that the saved queries are written for, in their order. */
const SAVED = ['temperature', 'humidity'];

/** Names that hourly-temperature gives to columns of its own: a measure of such a name would be ambiguous in it. */
export const QUERY_NAMES: ReadonlySet<string> = new Set(['hour_start', 'local_hour', 'minutes_past']);

/** The names of a measure's values in the rows of the two queries. */
export interface ResultColumns {
  min: string;
  avg: string;
  max: string;
  /** How many of the hour's readings have the measure. */
  readings: string;
}

/** The result's columns of each measure. Numbered but for the saved ones, so that no two can be the same. */
export function resultColumns(measures: readonly Named[]): ResultColumns[] {
  return measures.map(({ name }, index) => {
    const tag = SAVED.includes(name) ? name : `measure_${index + 1}`;
    return { min: `min_${tag}`, avg: `avg_${tag}`, max: `max_${tag}`, readings: `${tag}_readings` };
  });
}

/** daily-temperature over other measures: of each the lowest, average and highest value. */
export function dailyQuery(saved: SavedQuery, measures: readonly Named[]): SavedQuery {
  return replaceLists(saved, measures, [dailyValues]);
}

/** hourly-temperature over other measures: of the first the lowest, average and highest value, of the others the average. */
export function hourlyQuery(saved: SavedQuery, measures: readonly Named[]): SavedQuery {
  return replaceLists(saved, measures, [readColumns, passedColumns, hourlyValues]);
}

/** Whether the report asks the saved queries as they are. */
export function asksAsSaved(measures: readonly Named[]): boolean {
  return measures.length === SAVED.length && measures.every(({ name }, index) => name === SAVED[index]);
}

/** A part of a query's text that lists the measures, each with the names of its values. */
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
    if (parts.length !== 2) throw new Error(`${saved.name}.sql does not list its measures as the report knows them.`);
    return parts.join(list(wanted));
  }, saved.sql);
  return { ...saved, sql };
}

function listed(measures: readonly Named[]): Listed[] {
  const values = resultColumns(measures);
  return measures.flatMap(({ name }, index) => {
    const own = values[index];
    // Quoted, for a measure may be called order or group.
    return own === undefined ? [] : [{ column: SAVED.includes(name) ? name : `"${name}"`, values: own }];
  });
}
