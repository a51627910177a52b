/** Why a query was not run, in the words and categories of Athena. */
export type RefusalCode =
  | 'SYNTAX_ERROR'
  | 'TYPE_MISMATCH'
  | 'AMBIGUOUS_FUNCTION_CALL'
  | 'EXPRESSION_NOT_AGGREGATE'
  | 'FUNCTION_NOT_FOUND'
  | 'COLUMN_NOT_FOUND'
  | 'TABLE_NOT_FOUND'
  | 'SCHEMA_NOT_FOUND'
  | 'TYPE_NOT_FOUND'
  | 'INVALID_FUNCTION_ARGUMENT'
  | 'INVALID_CAST_ARGUMENT'
  | 'INVALID_PARAMETER_USAGE'
  | 'INVALID_VIEW'
  | 'INVALID_WINDOW_FRAME'
  | 'MISSING_ORDER_BY'
  | 'INVALID_LITERAL'
  | 'NUMERIC_VALUE_OUT_OF_RANGE'
  | 'NOT_SUPPORTED';

/** A query that is refused before it runs: it is wrong in Athena too, or it is not proven to give Athena's rows here. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(`${code}: ${message}`);
    this.name = 'Refusal';
    this.code = code;
  }
}

/** Refuses a construct of Athena's that this translation does not carry, with what to write instead where that is known. */
export function notSupported(construct: string, hint?: string): Refusal {
  const todo = hint === undefined ? '' : ` ${hint}`;
  return new Refusal('NOT_SUPPORTED', `Sluice's local Athena does not translate ${construct} yet.${todo}`);
}
