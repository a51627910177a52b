/** What tests know of each function on AWS. A new function gets an entry here; its other tests are derived from it. */
import type { HandlerName } from '../../../../infra/settings.ts';

/** An event, and the function's result for it over the sample lake (`test/queries/sample-lake.ts`). */
export interface AnsweredEvent {
  event: unknown;
  result: unknown;
}

export interface FunctionFacts {
  /** Maximum size of its `index.mjs` in bytes; a package that is bundled by mistake exceeds it. */
  limitBytes: number;
  /** Maximum duration. */
  timeoutSeconds: number;
  /** What a service does on behalf of the function, besides its code's own calls. */
  inItsName: readonly string[];
  /** Events with their answers, or the test file that calls the bundled function with its events. */
  events: readonly AnsweredEvent[] | string;
}

const OBJECTS_ENCRYPTED = ['kms:Decrypt via s3', 'kms:GenerateDataKey via s3'];
/** Without it, S3 answers 403 for a missing object. */
const KNOWS_ABSENCE = ['s3:ListBucket'];

export const FUNCTIONS: Record<HandlerName, FunctionFacts> = {
  guard: { limitBytes: 400_000, timeoutSeconds: 30, inItsName: [], events: 'test/infra/aws/guard.test.ts' },
  transform: {
    limitBytes: 60_000,
    timeoutSeconds: 60,
    inItsName: [],
    events: 'test/infra/aws/handlers/events.test.ts',
  },
  consume: {
    limitBytes: 400_000,
    timeoutSeconds: 60,
    inItsName: [
      // The event source mapping reads the stream.
      ...['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'].map(
        action => `kinesis:${action}`,
      ),
      ...['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'].map(
        action => `kms:${action} via dynamodb`,
      ),
    ],
    events: 'test/infra/aws/handlers/events.test.ts',
  },
  api: {
    limitBytes: 400_000,
    timeoutSeconds: 10,
    inItsName: ['kms:Decrypt via dynamodb', 'kms:DescribeKey via dynamodb'],
    events: 'test/infra/aws/handlers/events.test.ts',
  },
  report: {
    limitBytes: 1_500_000,
    timeoutSeconds: 300,
    inItsName: [
      ...OBJECTS_ENCRYPTED,
      // Athena looks up the tables, reads the readings and writes results, all on behalf of the caller.
      ...['CreateDatabase', 'GetDatabase', 'GetPartitions', 'GetTable', 'GetTables'].map(action => `glue:${action}`),
      ...[
        ...['AbortMultipartUpload', 'GetBucketLocation', 'GetObject'],
        ...['ListBucketMultipartUploads', 'ListMultipartUploadParts'],
      ].map(action => `s3:${action}`),
    ],
    events: 'test/infra/aws/handlers/events.test.ts',
  },
  'backfill-plan': {
    limitBytes: 500_000,
    timeoutSeconds: 900,
    inItsName: OBJECTS_ENCRYPTED,
    events: 'test/infra/aws/handlers/backfill-events.test.ts',
  },
  'backfill-work': {
    limitBytes: 600_000,
    timeoutSeconds: 900,
    inItsName: [...OBJECTS_ENCRYPTED, ...KNOWS_ABSENCE],
    events: 'test/infra/aws/handlers/backfill-events.test.ts',
  },
  'backfill-publish': {
    limitBytes: 500_000,
    timeoutSeconds: 900,
    inItsName: [...OBJECTS_ENCRYPTED, ...KNOWS_ABSENCE],
    events: 'test/infra/aws/handlers/backfill-events.test.ts',
  },
};
