/** Contracts that differ from the default one in a single point. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageFile } from '../../../contract/package-root.ts';

export interface Difference {
  topic?: string;
  /** A column to omit. */
  without?: string;
  /** Types by column. */
  types?: Record<string, string>;
  /** An additional column, as the contract writes it. */
  added?: string;
}

/** Writes the contract into a temporary folder; returns its path. */
export function contractFile({ topic = 'data/{deviceid}', without, types = {}, added }: Difference): string {
  const source = readFileSync(packageFile('test', 'fixtures', 'workshop.config.ts'), 'utf8');
  const lines = source.split('\n').flatMap(line => {
    const name = /^ {4}\{ name: '(\w+)'/.exec(line)?.[1];
    if (name !== undefined && name === without) return [];
    if (line === '  ],' && added !== undefined) return [`    ${added},`, line];
    return [
      line.replace(/type: '\w+'/, was => (types[name ?? ''] === undefined ? was : `type: '${types[name ?? '']}'`)),
    ];
  });
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-contract-')), 'lake.config.ts');
  writeFileSync(file, lines.join('\n').replace(/topic: '[^']*'/, `topic: '${topic}'`));
  return file;
}
