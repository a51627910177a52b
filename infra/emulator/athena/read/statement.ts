/** A statement to run, its context and its outcome. */

import type { TrinoType } from '../../trino-sql/types/trino-type.ts';
import type { PreparedStatements } from '../catalog/prepared-statements.ts';
import type { StatementKind } from '../language/statement-kind.ts';
import type { QueryPlace, QueryText } from './open-query.ts';

/** A statement to run, with the location of its result. */
export interface Query extends QueryText {
  /** The query execution's id. */
  id: string;
  workGroup: string;
  /** Location of the result, `s3://bucket/key`; for a table or files, their common prefix. */
  outputLocation: string;
  /** The file of the result. It appears only when it is complete. */
  resultFile: string;
}

export interface StatementPlace extends QueryPlace {
  prepared: PreparedStatements;
}

export interface QueryOutcome {
  /** The columns of the result. For DDL, only the name of the type is known. */
  columns: { name: string; athenaType: string; type?: TrinoType }[];
  rows: number;
  scannedBytes: number;
  /** Rows written by CTAS and INSERT. */
  updateCount?: number;
  /** Location of the manifest of written files, `s3://bucket/key`. */
  manifestLocation?: string;
  /** For EXECUTE: the kind of the prepared statement and the location of its result. */
  kind?: StatementKind;
  outputLocation?: string;
}
