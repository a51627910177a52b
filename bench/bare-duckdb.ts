/**
 * DuckDB alone, in its own process: runs the SQL of the argument over the files of a glob, and prints its rows as JSON
 * lines.
 */
import { DuckDBInstance } from '@duckdb/node-api';

const [sql = ''] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const rows = (await connection.runAndReadAll(sql)).getRowsJson();
process.stdout.write(rows.map(row => `${JSON.stringify(row)}\n`).join(''));
connection.closeSync();
instance.closeSync();
