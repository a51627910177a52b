/** A statement on its way: what is asked, what it runs with, and what came out. */

import type { TrinoType } from '../../trino-sql/types/trino-type.ts';
import type { PreparedStatements } from '../catalog/prepared-statements.ts';
import type { StatementKind } from '../language/statement-kind.ts';
import type { QueryPlace, QueryText } from './open-query.ts';

/** A statement to run, and where its result goes. */
export interface Query extends QueryText {
  /** The query execution's id. */
  id: string;
  workGroup: string;
  /** Where the result goes, `s3://bucket/key`; of a table or files their common prefix. */
  outputLocation: string;
  /** The file of the result; nothing is there until all of it is. */
  resultFile: string;
}

export interface StatementPlace extends QueryPlace {
  prepared: PreparedStatements;
}

export interface QueryOutcome {
  /** The columns of the result. DDL's have no type beyond their name for it. */
  columns: { name: string; athenaType: string; type?: TrinoType }[];
  rows: number;
  scannedBytes: number;
  /** Rows written by CTAS and INSERT. */
  updateCount?: number;
  /** Where the list of the files written is, `s3://bucket/key`. */
  manifestLocation?: string;
  /** What EXECUTE turned out to be, and where its result is. */
  kind?: StatementKind;
  outputLocation?: string;
}
