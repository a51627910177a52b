import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parquetMetadata, type SchemaElement } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColumnType } from '../../../contract/config.ts';
import type { Contract } from '../../../contract/contract.ts';
import { contractKey } from '../../../contract/contract-key.ts';
import { packageFile } from '../../../contract/package-root.ts';
import type { Measure, Reading } from '../../../contract/reading.ts';
import type { GlueColumn, GlueTable } from '../../../contract/table.ts';
import { parquetByColumns } from '../../../lake/parquet-by-columns.ts';
import { parquetByRows } from '../../../lake/parquet-by-rows.ts';
import { toRow } from '../../../transform/clean.ts';
import {
  defaultDeployment,
  filledIn,
  onlyResource,
  resourcesOf,
  SYNTHESIS_TIMEOUT_MS,
  type Synthesized,
  synthesize,
  type Template,
} from './synth.ts';

/** One contract line each; together with the default contract's doubles, every column type occurs. */
const ADDED = [
  "{ name: 'pulses', from: 'PULSES', type: 'bigint' },",
  "{ name: 'moving', from: 'data.moving', type: 'boolean' },",
  "{ name: 'note', from: 'NOTE', type: 'string', unit: 'text' },",
];

const folder = mkdtempSync(path.join(tmpdir(), 'sluice-agreement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let shipped: Synthesized;
let extended: Synthesized;
beforeAll(async () => {
  const source = readFileSync(packageFile('test', 'fixtures', 'workshop.config.ts'), 'utf8');
  const config = path.join(folder, 'lake.config.ts');
  writeFileSync(config, source.replace(/^ {2}\],$/m, `    ${ADDED.join('\n    ')}\n  ],`));
  shipped = await defaultDeployment();
  extended = await synthesize({ contract: config });
}, SYNTHESIS_TIMEOUT_MS);

interface Column {
  name: string;
  type: string;
}

const MEASURES: Record<ColumnType, Measure> = { double: 21.5, bigint: 7, boolean: true, string: 'x' };

function reading(contract: Contract): Reading {
  const measures = Object.fromEntries(contract.columns.map(({ name, type }) => [name, MEASURES[type]]));
  return { deviceid: 'device-001', ts: Date.UTC(2026, 10, 21), receivedAt: Date.UTC(2026, 10, 21, 1), measures };
}

/** The columns of the contract itself: the identity, the measures in order, the arrival. */
function contractColumns({ columns }: Contract): Column[] {
  return [
    { name: 'deviceid', type: 'string' },
    { name: 'ts', type: 'timestamp' },
    ...columns.map(({ name, type }) => ({ name, type })),
    { name: 'received_at', type: 'timestamp' },
  ];
}

function glueTables({ templates }: Synthesized): Record<string, GlueTable> {
  const tables = Object.entries(resourcesOf(templates.catalog, 'AWS::Glue::Table'));
  // The catalog test checks its content.
  return Object.fromEntries(
    tables.map(([id, { Properties }]) => [id, filledIn(Properties.TableInput, templates) as GlueTable]),
  );
}

function tableNamed(deployment: Synthesized, name: string): GlueTable {
  const found = Object.values(glueTables(deployment)).find(table => table.Name === name);
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

function columnsOf(table: GlueTable): Column[] {
  return table.StorageDescriptor.Columns.map(({ Name, Type }: GlueColumn) => ({ name: Name, type: Type }));
}

/** The view's own columns, by which Athena reads it, with Glue's types. */
function athenaColumns({ ViewOriginalText = '' }: GlueTable): Column[] {
  const { 1: encoded = '' } = /^\/\* Presto View: (\S+) \*\/$/.exec(ViewOriginalText) ?? [];
  const { columns } = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { columns: Column[] };
  const renamed: Record<string, string> = { varchar: 'string', 'timestamp(3)': 'timestamp' };
  return columns.map(({ name, type }) => ({ name, type: renamed[type] ?? type }));
}

/** The columns of the table from which record format conversion reads its schema. */
function conversionColumns(deployment: Synthesized): Column[] {
  const { templates } = deployment;
  const stream = onlyResource(templates.ingest, 'AWS::KinesisFirehose::DeliveryStream').Properties;
  const { ExtendedS3DestinationConfiguration } = filledIn(stream, templates) as {
    ExtendedS3DestinationConfiguration: {
      DataFormatConversionConfiguration: { SchemaConfiguration: Record<string, string> };
    };
  };
  const schema = ExtendedS3DestinationConfiguration.DataFormatConversionConfiguration.SchemaConfiguration;
  expect(schema).toMatchObject({ CatalogId: '111122223333', Region: 'eu-central-1', VersionId: 'LATEST' });
  expect(templates.catalog.Resources[String(schema.DatabaseName)]?.Type).toBe('AWS::Glue::Database');
  const table = glueTables(deployment)[String(schema.TableName)];
  if (table === undefined) throw new Error(`the catalog has no table ${schema.TableName}`);
  return columnsOf(table);
}

/**
 * Glue's type for a leaf of a Parquet schema (Apache Parquet, "Logical Types"; ours are the deprecated converted
 * types).
 */
function parquetColumns(file: Buffer): Column[] {
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
  const [, ...leaves] = parquetMetadata(bytes as ArrayBuffer).schema; // of a Buffer it is never shared
  return leaves.map(leaf => ({ name: leaf.name, type: glueType(leaf) }));
}

function glueType({ type, converted_type }: SchemaElement): string {
  const known: Record<string, string> = {
    'BYTE_ARRAY UTF8': 'string',
    'INT64 TIMESTAMP_MILLIS': 'timestamp',
    DOUBLE: 'double',
    INT64: 'bigint',
    BOOLEAN: 'boolean',
  };
  return known[[type, converted_type].filter(part => part !== undefined).join(' ')] ?? `${type} ${converted_type}`;
}

describe.each([
  ['as shipped', () => shipped],
  ['with a column of every type', () => extended],
])('the contract %s', (_, deployment) => {
  test('match the Glue table, column by column', () => {
    expect(columnsOf(tableNamed(deployment(), 'readings_log'))).toEqual(
      contractColumns(deployment().deployment.contract),
    );
  });
  test('match the view, for Glue and for Athena, and the partition', () => {
    const view = tableNamed(deployment(), 'readings');
    const columns = [...contractColumns(deployment().deployment.contract), { name: 'dt', type: 'string' }];
    expect(columnsOf(view)).toEqual(columns);
    expect(athenaColumns(view)).toEqual(columns);
  });
  test('match the columns that Firehose converts to', () => {
    expect(conversionColumns(deployment())).toEqual(contractColumns(deployment().deployment.contract));
  });
  test('match the output of the transform: Firehose would silently drop other members', () => {
    const { contract } = deployment().deployment;
    expect(Object.keys(toRow(reading(contract)))).toEqual(contractColumns(contract).map(({ name }) => name));
  });
  test('match the columns that both writers put into their files', async () => {
    const { contract } = deployment().deployment;
    for (const file of [
      await parquetByRows(contract, [reading(contract)]),
      parquetByColumns(contract, [reading(contract)]),
    ])
      expect(parquetColumns(file)).toEqual(contractColumns(contract));
  });
});

test('an added column changes the tables, the functions that contain the contract, and its key; nothing else', () => {
  const rooms = Object.keys(shipped.templates) as (keyof Synthesized['templates'])[];
  expect(Object.keys(extended.templates)).toEqual(rooms);
  const changes = rooms.flatMap(room => changedProperties(room, shipped.templates[room], extended.templates[room]));
  expect([...new Set(changes)].sort()).toEqual(
    [
      'catalog: AWS::Glue::Table TableInput.StorageDescriptor.Columns',
      'catalog: AWS::Glue::Table TableInput.ViewOriginalText',
      ...rooms
        .filter(
          room =>
            room !== 'guard' && Object.keys(resourcesOf(shipped.templates[room], 'AWS::Lambda::Function')).length > 0,
        )
        .map(room => `${room}: AWS::Lambda::Function Code.S3Key`),
      // The guard contains no contract: it receives one.
      ...['Contract', 'ContractKey'].map(property => `guard: Custom::SluiceContract ${property}`),
      'guard: AWS::SSM::Parameter Value',
      'operations: AWS::SSM::Parameter Value',
    ].sort(),
  );
});

test('in the published deployment, an added column changes only the key of the contract', () => {
  const [before, after] = [shipped, extended].map(({ templates }) => {
    const { Value } = onlyResource(templates.operations, 'AWS::SSM::Parameter').Properties;
    return JSON.parse(String(filledIn(Value, templates)));
  });
  expect(after).toEqual({ ...before, contractKey: contractKey(extended.deployment.contract) });
  expect(before.contractKey).toBe(contractKey(shipped.deployment.contract));
});

/** Each `room: type path` at which two templates differ; lists are compared as a whole. */
function changedProperties(room: string, before: Template, after: Template): string[] {
  expect(Object.keys(after.Resources)).toEqual(Object.keys(before.Resources));
  return Object.entries(before.Resources).flatMap(([id, { Type, ...one }]) => {
    const { Type: otherType, ...other } = after.Resources[id] ?? { Type: 'none' };
    expect(otherType).toBe(Type);
    return differences(one, other)
      .filter(place => !place.startsWith('Metadata.'))
      .map(place => `${room}: ${Type} ${place.replace(/^Properties\./, '')}`);
  });
}

function differences(one: unknown, other: unknown, place = ''): string[] {
  if (isMembers(one) && isMembers(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap(name =>
      differences(one[name], other[name], place === '' ? name : `${place}.${name}`),
    );
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [place];
}

/** CloudFormation functions are compared as a whole, like lists. */
function isMembers(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !Object.keys(value).some(name => name.startsWith('Fn::'));
}
