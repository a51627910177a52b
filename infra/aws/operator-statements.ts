/** What commands with `--aws` call. Devices are things without a prefix, so this covers all things of the account. */
import { allow, type Names, type Statement } from './execution-statements.ts';

/** Statements for operators who run `sluice … --aws` on one stage. */
export function operatorStatements({ arn, global, api, stage }: Names): Statement[] {
  // Not the access log bucket, which records who read the other two.
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
    // Athena requires these two, whatever database a query names (its User Guide, on the default database of a Region).
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
      // The key of the stage, and keys that earlier stacks of the stage left behind.
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': `alias/sluice-${stage}-*` },
    }),
    allow('KeyOfTheApi', 'apigateway', 'GET', [api('/apikeys/*')]),
    // Everyone who may put can use the AWS managed key of Kinesis; Firehose encrypts what it receives with its own key.
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
    // The names of Distributed Map executions contain the map's label.
    allow('FailureOfABatch', 'states', 'DescribeExecution', [arn('states', `execution:${machine}/*`)]),
    allow('BatchesOfTheBackfill', 'states', 'DescribeMapRun ListExecutions', [arn('states', `mapRun:${machine}/*`)]),
  ];
}
