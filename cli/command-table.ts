import type { Command } from './command.ts';
import type { CommandDeclaration } from './declaration.ts';

export interface CommandEntry {
  /** One line, in the imperative. */
  summary: string;
  /** What the command takes, without its implementation: enough for its help. */
  declare: () => Promise<{ declaration: CommandDeclaration }>;
  load: () => Promise<{ command: Command }>;
}

/** Every command in the order of `sluice --help`. A command's code is loaded only when it is used. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  up: {
    summary: 'run the local stack until Ctrl-C',
    declare: () => import('./commands/up/up-declaration.ts'),
    load: () => import('./commands/up/up.ts'),
  },
  demo: {
    summary: 'show the whole story in one go: devices, lake, query, report',
    declare: () => import('./commands/demo/demo-declaration.ts'),
    load: () => import('./commands/demo/demo.ts'),
  },
  device: {
    summary: 'add, simulate or replay devices',
    declare: () => import('./commands/device/device-declaration.ts'),
    load: () => import('./commands/device/device.ts'),
  },
  put: {
    summary: 'put messages into the streams without a broker',
    declare: () => import('./commands/put/put-declaration.ts'),
    load: () => import('./commands/put/put.ts'),
  },
  query: {
    summary: 'list, show and run saved queries, or any SQL',
    declare: () => import('./commands/query/query-declaration.ts'),
    load: () => import('./commands/query/query.ts'),
  },
  report: {
    summary: 'make the daily HTML report',
    declare: () => import('./commands/report/report-declaration.ts'),
    load: () => import('./commands/report/report.ts'),
  },
  recent: {
    summary: "show a device's newest readings, from the hot path",
    declare: () => import('./commands/recent/recent-declaration.ts'),
    load: () => import('./commands/recent/recent.ts'),
  },
  backfill: {
    summary: 'read gzipped objects into the lake',
    declare: () => import('./commands/backfill/backfill-declaration.ts'),
    load: () => import('./commands/backfill/backfill.ts'),
  },
  reprocess: {
    summary: 'read rejected records, or all raw ones, again',
    declare: () => import('./commands/reprocess/reprocess-declaration.ts'),
    load: () => import('./commands/reprocess/reprocess.ts'),
  },
  compact: {
    summary: 'merge small objects, so that queries read fewer files',
    declare: () => import('./commands/compact/compact-declaration.ts'),
    load: () => import('./commands/compact/compact.ts'),
  },
  catalog: {
    summary: 'show what the lake holds, and where it differs from the contract',
    declare: () => import('./commands/catalog/catalog-declaration.ts'),
    load: () => import('./commands/catalog/catalog.ts'),
  },
  cost: {
    summary: 'estimate what a fleet costs on AWS in a month',
    declare: () => import('./commands/cost/cost-declaration.ts'),
    load: () => import('./commands/cost/cost.ts'),
  },
  env: {
    summary: 'print endpoint variables for other AWS tools',
    declare: () => import('./commands/env/env-declaration.ts'),
    load: () => import('./commands/env/env.ts'),
  },
};
