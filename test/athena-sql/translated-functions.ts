/** The functions with rules in the translator, read from its tables. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TRANSLATOR = fileURLToPath(new URL('../../infra/emulator/trino-sql/', import.meta.url));

/** The functions of every translator table, by table name: its exports that end in _FUNCTIONS. */
export async function translatedFunctions(): Promise<Map<string, string[]>> {
  const tables = new Map<string, string[]>();
  for (const file of readdirSync(TRANSLATOR, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.ts')) continue;
    const exports: Record<string, unknown> = await import(`${TRANSLATOR}${file}`);
    for (const [name, value] of Object.entries(exports)) {
      if (!name.endsWith('_FUNCTIONS') || typeof value !== 'object' || value === null) continue;
      const functions = Array.isArray(value) ? value.map(String) : Object.keys(value);
      tables.set(name, functions.sort());
    }
  }
  return tables;
}
