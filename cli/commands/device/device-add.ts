import { topicOf } from '../../../contract/envelope.ts';
import type { Effects } from '../../command.ts';
import { tableOrJson } from '../../format.ts';
import type { DeviceValues } from './device-declaration.ts';
import { settingOf } from './device-setting.ts';

/** `sluice device add ID…` */
export async function addDevices(ids: readonly string[], values: DeviceValues<'add'>, effects: Effects): Promise<0> {
  const format = tableOrJson(values.format);
  const { target, contract } = await settingOf(values, effects);
  const broker = await target.broker();
  const added = [];
  for (const id of ids) {
    const { thingName, files } = await target.provision(id);
    const topic = topicOf(contract, thingName);
    added.push({
      id: thingName,
      certificate: files.cert,
      privateKey: files.key,
      authority: files.ca,
      topic,
      endpoint: broker?.url ?? null,
    });
  }
  if (format === 'json') effects.stdout(`${JSON.stringify(added, null, 2)}\n`);
  else for (const device of added) effects.stdout(describe(device));
  if (broker === undefined) effects.stderr(`No stack is running, so there is no endpoint yet. ${target.todo.start}\n`);
  return 0;
}

/** `sluice device list` */
export async function printDevices(values: DeviceValues<'list'>, effects: Effects): Promise<0> {
  const format = tableOrJson(values.format);
  const { target } = await settingOf(values, effects);
  const ids = await target.list();
  effects.stdout(format === 'json' ? `${JSON.stringify(ids)}\n` : ids.map(id => `${id}\n`).join(''));
  if (ids.length === 0)
    effects.stderr(`No devices yet. Add one: sluice device add device-001${values.aws ? ' --aws' : ''}\n`);
  return 0;
}

interface Added {
  id: string;
  certificate: string;
  privateKey: string;
  authority: string;
  topic: string;
  endpoint: string | null;
}

function describe({ id, certificate, privateKey, authority, topic, endpoint }: Added): string {
  return [
    id,
    `  certificate  ${certificate}`,
    `  private key  ${privateKey}`,
    `  authority    ${authority}`,
    `  topic        ${topic}`,
    `  endpoint     ${endpoint ?? '(no stack is running)'}`,
    '',
  ].join('\n');
}
