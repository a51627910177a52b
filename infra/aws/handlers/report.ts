import type { Context } from 'aws-lambda';
import config from 'sluice-config';
import { defineContract } from '../../../contract/contract.ts';
import { toldWhole } from '../../../contract/user-error.ts';
import { makeDailyReport, parseDay } from '../../../reports/daily.ts';
import { publishDaily } from '../../../reports/publish-report.ts';
import { type ReportRequest, requestedDay } from '../../../reports/request.ts';
import { handlerSettings } from '../../settings.ts';

const { region, timezone, ...names } = handlerSettings('report');
const lake = { aws: { region }, names, contract: defineContract(config) };

/** Time left to stop the Athena query before Lambda ends the function. */
const STOP_MS = 5_000;

/**
 * `sluice report daily` on a schedule: generates the report of a day, puts it into the lake, and returns what it
 * generated. Throws if it cannot.
 */
export async function handler(event: ReportRequest, context: Context) {
  return toldWhole(makeReport(event, AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - STOP_MS))));
}

async function makeReport(event: ReportRequest, signal: AbortSignal) {
  const { date, now } = requestedDay(event, Date.now());
  const day = parseDay({ date, timezone }, now, { date: "The event's date", timezone: 'SLUICE_TIMEZONE' });
  const { report, html } = await makeDailyReport(lake, day, { now: Date.now, signal });
  const key = await publishDaily(lake, report, html);
  const { devices, readings } = report;
  return { date: report.date, timezone, devices: devices.length, readings, report: `s3://${names.bucket}/${key}` };
}
