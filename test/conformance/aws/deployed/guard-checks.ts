/** Deployments of an existing stage: what its guard accepts, and what stays unchanged. */
import { strict as assert } from 'node:assert';
import { GetTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { GetTopicRuleCommand, IoTClient } from '@aws-sdk/client-iot';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { contractFile } from '../../../infra/aws/contracts.ts';
import { CREDENTIALS, REGION } from '../moto.ts';
import type { DeployedCheck, DeployedPlace } from './checks.ts';

export const GUARD_CHECKS: DeployedCheck[] = [
  ['a deployment with another topic is refused by the guard, and changes nothing', refusesTopic],
  ['a deployment with an added column is accepted', letsColumnIn],
  ['a deployment with a removed column is refused, and accepted once it is confirmed', confirmsColumn],
  ['a deployment with another topic is accepted once it is confirmed', confirmsTopic],
];

const PRESSURE = "{ name: 'pressure', from: 'PRESSURE', type: 'double' }";

/** What devices and readers see, and what the guard has recorded. */
async function published({ emulator }: DeployedPlace) {
  const aws = { region: REGION, endpoint: emulator.url, credentials: CREDENTIALS };
  const { rule } = await new IoTClient(aws).send(new GetTopicRuleCommand({ ruleName: 'sluice_main_readings' }));
  const { Table } = await new GlueClient(aws).send(
    new GetTableCommand({ DatabaseName: 'sluice_main', Name: 'readings_log' }),
  );
  const { Parameter } = await new SSMClient(aws).send(new GetParameterCommand({ Name: '/sluice/main/contract' }));
  const columns = Table?.StorageDescriptor?.Columns?.map(({ Name }) => Name) ?? [];
  return { topic: /FROM '([^']*)'/.exec(rule?.sql ?? '')?.[1], columns, remembered: Parameter?.Value };
}

async function refusesTopic(place: DeployedPlace): Promise<void> {
  const before = await published(place);
  assert.equal(before.topic, 'data/+');
  const { done, failed } = await place.redeploy({ contract: contractFile({ topic: 'plant/{deviceid}' }) });
  assert.deepEqual([done, failed?.room, failed?.status], [['foundation'], 'guard', 'UPDATE_ROLLBACK_COMPLETE']);
  assert.match(failed?.why ?? '', /drop-topic:data\/\+/);
  assert.deepEqual(await published(place), before);
}

async function letsColumnIn(place: DeployedPlace): Promise<void> {
  const { done, failed } = await place.redeploy({ contract: contractFile({ added: PRESSURE }) });
  assert.deepEqual(failed, undefined);
  assert.equal(done.at(-1), 'operations');
  const { topic, columns } = await published(place);
  assert.deepEqual([topic, columns.includes('pressure')], ['data/+', true]);
}

async function confirmsColumn(place: DeployedPlace): Promise<void> {
  const contract = contractFile({ added: PRESSURE, without: 'humidity' });
  const { failed } = await place.redeploy({ contract });
  assert.deepEqual([failed?.room, failed?.status], ['guard', 'UPDATE_ROLLBACK_COMPLETE']);
  assert.ok((await published(place)).columns.includes('humidity'));
  assert.deepEqual((await place.redeploy({ contract, confirmed: ['drop-column:humidity'] })).failed, undefined);
  assert.deepEqual((await published(place)).columns, ['deviceid', 'ts', 'temperature', 'pressure', 'received_at']);
}

async function confirmsTopic(place: DeployedPlace): Promise<void> {
  const contract = contractFile({ added: PRESSURE, without: 'humidity', topic: 'plant/{deviceid}' });
  assert.deepEqual((await place.redeploy({ contract, confirmed: ['drop-topic:data/+'] })).failed, undefined);
  assert.equal((await published(place)).topic, 'plant/+');
}
