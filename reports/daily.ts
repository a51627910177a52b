import type { QueryLake } from '../contract/lake.ts';
import { bindParameters, parseDate, parseTimeZone } from '../queries/bind.ts';
import { collectRows, runQuery } from '../queries/run-query.ts';
import { loadCatalog } from '../queries/saved-queries.ts';
import { drawCharts } from './chart.ts';
import { dailyQuery, hourlyQuery, resultColumns } from './measure-queries.ts';
import { reportMeasures } from './measures.ts';
import { type DailyReport, dailyReport, type LocalDay } from './model.ts';
import { dailyPage } from './page.ts';
import { dailyRow, hourlyRow } from './rows.ts';

/** The user's names for the parts of a day. */
const OPTIONS: LocalDay = { date: '--date', timezone: '--timezone' };

/**
 * Parses a day as a user writes it, including `today` and `yesterday`; throws a `UserError` with exit code 2 for any
 * other text.
 */
export function parseDay(day: LocalDay, now: number, names = OPTIONS): LocalDay {
  const timezone = parseTimeZone(names.timezone, day.timezone);
  return { date: parseDate(names.date, day.date, { now, timezone }), timezone };
}

export interface DailyEffects {
  now: () => number;
  signal: AbortSignal;
}

/**
 * Queries one local day and creates its report: the values, and the HTML file. Throws as `runQuery` does, and a
 * `UserError` if the contract has no numeric columns.
 */
export async function makeDailyReport(
  lake: QueryLake,
  day: LocalDay,
  { now, signal }: DailyEffects,
): Promise<{ report: DailyReport; html: string }> {
  const shown = reportMeasures(lake.contract);
  const columns = resultColumns(shown.measures);
  const generatedAt = now();
  const catalog = await loadCatalog();
  const ask = async (name: string, over: typeof dailyQuery) => {
    const query = catalog.find(candidate => candidate.name === name);
    if (query === undefined) throw new Error(`Saved query not found: ${name}.`);
    const bound = bindParameters(over(query, shown.measures), { ...day }, generatedAt);
    return collectRows(await runQuery(lake, bound, { signal }));
  };
  const daily = await ask('daily-temperature', dailyQuery);
  const hourly = await ask('hourly-temperature', hourlyQuery);
  const report = dailyReport(day, {
    ...shown,
    daily: daily.map(cells => dailyRow(cells, columns)),
    hourly: hourly.map(cells => hourlyRow(cells, columns)),
  });
  return { report, html: dailyPage(report, await drawCharts(report), { generatedAt }) };
}
