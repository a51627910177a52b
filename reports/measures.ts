import type { Contract } from '../contract/contract.ts';
import { UserError } from '../contract/user-error.ts';
import { QUERY_NAMES } from './measure-queries.ts';

/** A numeric column of the contract, as shown in a report. */
export interface Measure {
  /** The column's name: lowercase letters, digits and `_`, already checked by the contract. */
  name: string;
  /** The contract's unit; `''` if it has none. */
  unit: string;
  /** Whether its values are whole numbers. */
  whole: boolean;
}

export interface ReportMeasures {
  /** The first is the report's subject. */
  measures: Measure[];
  /** Numeric columns that do not fit into the report. */
  leftOut: string[];
}

/** The preferred subject of a report, if the contract has it. */
const LEAD = 'temperature';

/** Maximum measures shown: more would make the page too long to read, and the table wider than any screen. */
const SHOWN_MEASURES = 8;

/**
 * The measures in a contract's daily report: the temperature, else the first numeric column, then the others in
 * contract order. Throws a `UserError` if the contract has no numeric columns.
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
