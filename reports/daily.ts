import type { Lake } from '../contract/lake.ts';
import { bindParameters } from '../queries/bind.ts';
import { loadCatalog } from '../queries/catalog.ts';
import type { Value } from '../queries/row.ts';
import { collectRows, runQuery } from '../queries/run.ts';
import { drawCharts } from './chart.ts';
import { type DailyReport, dailyReport } from './model.ts';
import { dailyPage } from './page.ts';
import { dailyRow, hourlyRow } from './rows.ts';

/** The day as the user wrote it: `date` may be `today` or `yesterday`. */
export interface DailyOptions {
  date: string;
  timezone: string;
}

export interface DailyEffects {
  now: () => number;
  signal: AbortSignal;
}

/** Queries one local day and makes its report: the values, and the HTML file. Throws as `bindParameters` and `runQuery` do. */
export async function makeDailyReport(
  lake: Lake,
  { date, timezone }: DailyOptions,
  { now, signal }: DailyEffects,
): Promise<{ report: DailyReport; html: string }> {
  const generatedAt = now();
  const catalog = await loadCatalog();
  const ask = async (name: string) => {
    const query = catalog.find(candidate => candidate.name === name);
    if (query === undefined) throw new Error(`The saved query ${name} is not there.`);
    const bound = bindParameters(query, { date, timezone }, generatedAt);
    const rows: Record<string, Value>[] = await collectRows(await runQuery(lake, bound, { signal }));
    return { rows, values: bound.values };
  };
  const daily = await ask('daily-temperature');
  const hourly = await ask('hourly-temperature');
  const report = dailyReport(
    { date: daily.values.date ?? date, timezone: daily.values.timezone ?? timezone },
    daily.rows.map(dailyRow),
    hourly.rows.map(hourlyRow),
  );
  const unitOf = (column: string) => lake.contract.columns.find(({ name }) => name === column)?.unit ?? '';
  const html = dailyPage(report, await drawCharts(report), {
    temperatureUnit: unitOf('temperature'),
    humidityUnit: unitOf('humidity'),
    generatedAt,
  });
  return { report, html };
}
