/** What the command calls with `--aws`; devices are things without a prefix, so that all things of the account are meant. */
import { allow, type Names, type Statement } from './execution-statements.ts';

/** Statements for who runs `sluice … --aws` on one stage. */
export function operatorStatements({ arn, global, api, stage }: Names): Statement[] {
  // Not that of access logs, which say who read the other two.
  const buckets = ['lake', 'results'].map(bucket => global('s3', `sluice-${stage}-foundation-${bucket}*`, false));
  const machine = `sluice-${stage}-backfill`;
  return [
    allow('NamesOfTheStage', 'ssm', 'GetParameter', [arn('ssm', `parameter/sluice/${stage}/deployment`)]),
    allow('Queries', 'athena', 'StartQueryExecution GetQueryExecution GetQueryResults StopQueryExecution', [
      arn('athena', `workgroup/sluice-${stage}`),
    ]),
    allow('Catalog', 'glue', 'GetDatabase GetTable GetTables GetPartitions', [
      arn('glue', 'catalog'),
      arn('glue', `database/sluice_${stage}`),
      arn('glue', `table/sluice_${stage}/*`),
    ]),
    // Athena wants these two, whatever database a query names (its User Guide, on the default database of a Region).
    allow('DefaultDatabase', 'glue', 'GetDatabase CreateDatabase', [
      arn('glue', 'catalog'),
      arn('glue', 'database/default'),
    ]),
    allow('Lake', 's3', 'ListBucket ListBucketMultipartUploads GetBucketLocation', buckets),
    allow(
      'ObjectsOfTheLake',
      's3',
      'GetObject PutObject DeleteObject AbortMultipartUpload ListMultipartUploadParts',
      buckets.map(bucket => `${bucket}/*`),
    ),
    allow('KeyOfTheLake', 'kms', 'Decrypt GenerateDataKey', [arn('kms', 'key/*')], {
      StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' },
      // The key of the stage, and those that earlier stacks of it left behind.
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/sluice-${stage}-*` },
    }),
    allow('KeyOfTheApi', 'apigateway', 'GET', [api('/apikeys/*')]),
    // Kinesis's own key of the account is open to whoever may put; Firehose keeps what is put with a key of its own.
    allow('PutMessages', 'kinesis', 'PutRecords', [arn('kinesis', `stream/sluice-${stage}-readings`)]),
    allow('PutMessagesToTheLake', 'firehose', 'PutRecordBatch', [
      arn('firehose', `deliverystream/sluice-${stage}-delivery`),
    ]),
    allow('MakeDevices', 'iot', 'CreateThing AttachThingPrincipal', [arn('iot', 'thing/*')]),
    allow(
      'CertificatesOfDevices',
      'iot',
      'AttachPolicy AttachThingPrincipal DescribeCertificate UpdateCertificate DeleteCertificate',
      [arn('iot', 'cert/*')],
    ),
    allow('GatewayOfDevices', 'iot', 'DescribeEndpoint CreateKeysAndCertificate', ['*']),
    allow('Backfill', 'states', 'StartExecution', [arn('states', `stateMachine:${machine}`)]),
    allow('RunsOfTheBackfill', 'states', 'DescribeExecution StopExecution RedriveExecution ListMapRuns', [
      arn('states', `execution:${machine}:*`),
    ]),
    // The executions of a Distributed Map have its label in their name.
    allow('FailureOfABatch', 'states', 'DescribeExecution', [arn('states', `execution:${machine}/*`)]),
    allow('BatchesOfTheBackfill', 'states', 'DescribeMapRun ListExecutions', [arn('states', `mapRun:${machine}/*`)]),
  ];
}
