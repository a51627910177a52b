import { topicOf } from '../../../contract/envelope.ts';
import { UserError } from '../../../contract/user-error.ts';
import { type Effects, parseOptions } from '../../command.ts';
import { isJson, settingOf } from './device-setting.ts';

/** `sluice device add ID…` */
export async function add(args: string[], effects: Effects): Promise<0> {
  const { values, positionals: ids } = parseOptions(args, { format: { type: 'string' } });
  if (ids.length === 0)
    throw new UserError('Name the devices to add.', { exitCode: 2, todo: 'For example: sluice device add device-001' });
  const json = isJson(values.format);
  const { place, contract } = await settingOf(values, effects);
  const broker = await place.broker();
  const added = [];
  for (const id of ids) {
    const { thingName, files } = await place.provision(id);
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
  if (json) effects.stdout(`${JSON.stringify(added, null, 2)}\n`);
  else for (const device of added) effects.stdout(describe(device));
  if (broker === undefined) effects.stderr(`No stack runs yet, so there is no endpoint. ${place.todo.start}\n`);
  return 0;
}

/** `sluice device list` */
export async function list(args: string[], effects: Effects): Promise<0> {
  const { values } = parseOptions(args, { format: { type: 'string' } });
  const json = isJson(values.format);
  const { place } = await settingOf(values, effects);
  const ids = await place.list();
  effects.stdout(json ? `${JSON.stringify(ids)}\n` : ids.map(id => `${id}\n`).join(''));
  if (ids.length === 0)
    effects.stderr(`No devices yet. Add one with: sluice device add device-001${values.aws ? ' --aws' : ''}\n`);
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
    `  endpoint     ${endpoint ?? '(none runs)'}`,
    '',
  ].join('\n');
}
