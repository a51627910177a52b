/** What an engine answers to a query, in Trino's types and values. */

/** A value as Trino's client protocol gives it, but numbers as text: an array is a list, a row too, a map an object. */
export type Cell = string | boolean | null | Cell[] | { [key: string]: Cell };

export type Answer = Result | Failure;

export interface Result {
  columns: { name: string; type: string }[];
  rows: Cell[][];
}

/** `error` is Trino's name of the error, such as DIVISION_BY_ZERO. */
export interface Failure {
  error: string;
  message: string;
}
