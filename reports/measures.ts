import type { Contract } from '../contract/contract.ts';
import { UserError } from '../contract/user-error.ts';
import { QUERY_NAMES } from './measure-queries.ts';

/** A column of numbers of the contract, as a report shows it. */
export interface Measure {
  /** The column's name: lower-case letters, digits and `_`, as the contract has checked it. */
  name: string;
  /** As the contract has it; `''` where it names none. */
  unit: string;
  /** Whether its values are whole numbers. */
  whole: boolean;
}

export interface ReportMeasures {
  /** The first is what the report is about. */
  measures: Measure[];
  /** Columns of numbers that the report has no room for. */
  leftOut: string[];
}

/** What a report is about where the contract has it. */
const LEAD = 'temperature';

/** More of them make a page that nobody reads to its end, and a table wider than any screen. */
const SHOWN_MEASURES = 8;

/**
 * What a daily report shows of a contract: the temperature, else the first column of numbers, then the others in the contract's
 * order. Throws a `UserError` where the contract has no numbers.
 */
export function reportMeasures({ columns }: Pick<Contract, 'columns'>): ReportMeasures {
  const numbers = columns.filter(({ type }) => type === 'double' || type === 'bigint');
  const usable = numbers.filter(({ name }) => !QUERY_NAMES.has(name));
  const lead = usable.find(({ name }) => name === LEAD) ?? usable[0];
  if (lead === undefined)
    throw new UserError(
      'The daily report needs a numeric column, but the contract has no column of type double or bigint.',
      {
        todo: "Add one to the contract, such as { name: 'temperature', from: 'TEMPERATURE', type: 'double', unit: '°C' }.",
      },
    );
  const shown = [lead, ...usable.filter(column => column !== lead)].slice(0, SHOWN_MEASURES);
  return {
    measures: shown.map(({ name, unit = '', type }) => ({ name, unit, whole: type === 'bigint' })),
    leftOut: numbers.filter(column => !shown.includes(column)).map(({ name }) => name),
  };
}
