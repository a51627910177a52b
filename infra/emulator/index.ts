/** What a program that embeds the emulator sees. Heavy modules load on first use. */
import type { EmulatorOptions, RunningEmulator } from './start-emulator.ts';

export { ignoreMissing, makeFolder, publishFile, syncFolder } from './disk/durable-files.ts';
export type { EmulatorOptions, RunningEmulator } from './start-emulator.ts';

/** Starts Athena, Glue, S3 and STS on one port of 127.0.0.1. Throws a `UserError` if the port is in use. */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const { startEmulator: start } = await import('./start-emulator.ts');
  return start(options);
}

/** The SQL engine alone: Trino's SQL translated to DuckDB's, and a DuckDB that knows the functions it is translated to. */
export async function loadSql() {
  const [{ startEngine }, { translate }, { Refusal }] = await Promise.all([
    import('./athena/read/engine.ts'),
    import('./trino-sql/emit/translate.ts'),
    import('./trino-sql/syntax/refusal.ts'),
  ]);
  return { startEngine, translate, Refusal };
}
