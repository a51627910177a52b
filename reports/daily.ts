import type { QueryLake } from '../contract/lake.ts';
import { UserError } from '../contract/user-error.ts';
import { bindParameters, parseDate, parseTimeZone } from '../queries/bind.ts';
import { loadCatalog } from '../queries/catalog.ts';
import { collectRows, runQuery } from '../queries/run.ts';
import { drawCharts } from './chart.ts';
import { type DailyReport, dailyReport } from './model.ts';
import { dailyPage } from './page.ts';
import { dailyRow, hourlyRow } from './rows.ts';

/** A local calendar day. */
export interface LocalDay {
  /** `YYYY-MM-DD` */
  date: string;
  timezone: string;
}

/** What the user knows the parts of a day by. */
const OPTIONS: LocalDay = { date: '--date', timezone: '--timezone' };

/** A day as a user writes it, `today` and `yesterday` too; throws a `UserError` of exit code 2 for any other text. */
export function parseDay(day: LocalDay, now: number, names = OPTIONS): LocalDay {
  const timezone = parseTimeZone(names.timezone, day.timezone);
  return { date: parseDate(names.date, day.date, { now, timezone }), timezone };
}

export interface DailyEffects {
  now: () => number;
  signal: AbortSignal;
}

/** The columns that the report shows, under these names. */
const SHOWN = ['temperature', 'humidity'];

function checkColumns({ contract }: QueryLake): void {
  const missing = SHOWN.filter(shown => !contract.columns.some(({ name }) => name === shown));
  if (missing.length === 0) return;
  throw new UserError(
    `The daily report shows ${SHOWN.join(' and ')}, and the contract has no ${missing.join(', no ')}.`,
    {
      todo: 'Give columns these names: their from may be any field, and a humidity that no message has is not drawn.',
    },
  );
}

/**
 * Queries one local day and makes its report: the values, and the HTML file. Throws as `runQuery` does, and a `UserError`
 * where the contract lacks a column that the report shows.
 */
export async function makeDailyReport(
  lake: QueryLake,
  day: LocalDay,
  { now, signal }: DailyEffects,
): Promise<{ report: DailyReport; html: string }> {
  checkColumns(lake);
  const generatedAt = now();
  const catalog = await loadCatalog();
  const ask = async (name: string) => {
    const query = catalog.find(candidate => candidate.name === name);
    if (query === undefined) throw new Error(`The saved query ${name} is not there.`);
    const bound = bindParameters(query, { ...day }, generatedAt);
    return collectRows(await runQuery(lake, bound, { signal }));
  };
  const daily = await ask('daily-temperature');
  const hourly = await ask('hourly-temperature');
  const report = dailyReport(day, daily.map(dailyRow), hourly.map(hourlyRow));
  const unitOf = (column: string) => lake.contract.columns.find(({ name }) => name === column)?.unit ?? '';
  const html = dailyPage(report, await drawCharts(report), {
    temperatureUnit: unitOf('temperature'),
    humidityUnit: unitOf('humidity'),
    generatedAt,
  });
  return { report, html };
}
