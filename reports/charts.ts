import { type FleetHour, fleetBand } from './fleet-band.ts';
import { legendNames } from './legend.ts';
import type { DailyReport, DayMeasure } from './model.ts';
import { grouped } from './number.ts';
import { heading } from './wording.ts';

/** A chart's subject: a measure that has values on the day, and its index in the report. */
export interface ChartSubject {
  report: DailyReport;
  measure: DayMeasure;
  index: number;
}

/** A Vega-Lite specification and its data. */
export interface ChartLayer {
  /** Its file in `reports/`, without `.vl.json`. It may use the parameters `hours`, `ticks` and `labels`. */
  spec: string;
  /** Whether to draw it. */
  when: (subject: ChartSubject) => boolean;
  /** The rows of the data set named in the specification. */
  rows: (subject: ChartSubject) => object[];
}

/** A chart of the daily report. Its texts are plain; the page converts them to HTML. */
export interface Chart extends ChartLayer {
  /** Drawn behind it, with the same scales. */
  behind?: ChartLayer;
  title: (subject: ChartSubject) => string;
  /** Text for screen readers. */
  label: (subject: ChartSubject) => string;
  caption: (subject: ChartSubject) => string;
}

/** The range over all devices, because not every device has a line. */
const FLEET_BAND: ChartLayer = {
  spec: 'fleet-band',
  when: ({ report }) => report.charted.length < report.devices.length,
  rows: ({ report, index }): FleetHour[] => fleetBand(report, index),
};

const BY_HOUR = {
  behind: FLEET_BAND,
  rows: hourlyRows,
  title: ({ measure }: ChartSubject) => `${heading(measure)} by hour${measure.unit === '' ? '' : `, ${measure.unit}`}`,
  label: ({ measure }: ChartSubject) => `${heading(measure)} by hour and device`,
};

/** The charts of a daily report: for each measure, those whose `when` holds, in this order. */
export const CHARTS: readonly Chart[] = [
  {
    ...BY_HOUR,
    spec: 'range-by-hour',
    when: ({ index }) => index === 0,
    caption: subject =>
      `Line: average of each hour. Bar: from the lowest to the highest reading of the hour.${bandCaption('reading', subject)}`,
  },
  {
    ...BY_HOUR,
    spec: 'average-by-hour',
    when: ({ index }) => index > 0,
    caption: subject => `Average of each hour.${bandCaption('average', subject)}`,
  },
];

function bandCaption(of: 'reading' | 'average', subject: ChartSubject): string {
  const devices = grouped(subject.report.devices.length);
  return FLEET_BAND.when(subject) ? ` Grey: from the lowest to the highest ${of} of all ${devices} devices.` : '';
}

interface HourlyRow {
  /** The device's id, shortened to fit a legend. */
  deviceid: string;
  /** Index of the hour in the day: 0 is the first hour, whatever the clock shows. */
  start: number;
  middle: number;
  end: number;
  min: number | null;
  avg: number | null;
  max: number | null;
}

/** A row for every hour of every charted device, so that a line breaks where there are no readings. */
function hourlyRows({ report: { charted, hours, hourly }, index: measure }: ChartSubject): HourlyRow[] {
  const names = legendNames(charted);
  return charted.flatMap((deviceid, place) => {
    const own = new Map(hourly.filter(row => row.deviceid === deviceid).map(row => [row.startMs, row]));
    return hours.map(({ startMs }, index) => {
      const values = own.get(startMs)?.measures[measure];
      return {
        deviceid: names[place] ?? deviceid,
        start: index,
        middle: index + 0.5,
        end: index + 1,
        min: values?.min ?? null,
        avg: values?.avg ?? null,
        max: values?.max ?? null,
      };
    });
  });
}
