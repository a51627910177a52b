/** What an engine answers to a query, in Trino's types and values. */

/**
 * A value as Trino's client protocol returns it, but with numbers as text: an array is a list, so is a row, and a map
 * is an object.
 */
export type Cell = string | boolean | null | Cell[] | { [key: string]: Cell };

export type Answer = Result | Failure;

export interface Result {
  columns: { name: string; type: string }[];
  rows: Cell[][];
}

/** `error` is Trino's error name, such as DIVISION_BY_ZERO. */
export interface Failure {
  error: string;
  message: string;
}
