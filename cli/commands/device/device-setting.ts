import path from 'node:path';
import type { Contract } from '../../../contract/contract.ts';
import { loadContract } from '../../../contract/load.ts';
import { isDeviceId } from '../../../contract/reading.ts';
import { commandSettings } from '../../../contract/settings.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { Connect } from '../../../device/connections.ts';
import { listDevices, provisionDevice } from '../../../device/provision.ts';
import { adoptLayout, checkLayout } from '../../../infra/local/layout.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import type { Effects } from '../../command.ts';
import { dataFolder, type PlaceOptions, stageOf } from '../../target.ts';
import type { DevicePlace } from './device-target.ts';

/** Where a `device` subcommand works, and the contract. */
export interface Setting {
  place: DevicePlace;
  contract: Contract;
}

export interface SettingOptions extends PlaceOptions {
  config?: string | undefined;
}

export async function settingOf(values: SettingOptions, { cwd }: Effects): Promise<Setting> {
  await checkLayout(dataFolder({ data: values.data, cwd }));
  const { contract } = await loadContract(values.config ?? commandSettings().config, cwd);
  if (values.aws !== true) return { place: localPlace(dataFolder({ data: values.data, cwd })), contract };
  // Loaded only here: a laptop needs neither SSM nor AWS IoT.
  const { deployedPlace } = await import('./deployed-target.ts');
  const folder = path.join(dataFolder({ data: values.data, cwd }), 'aws', stageOf(values.stage));
  return { place: deployedPlace(folder, { ...values, cwd }), contract };
}

/** The devices of a data folder, and the broker of the `sluice up` that runs there. */
export function localPlace(data: string): DevicePlace {
  const provision = async (id: string) => {
    await adoptLayout(data);
    return provisionDevice(data, id);
  };
  return {
    name: `on the data folder ${data}`,
    provision,
    identity: provision,
    list: () => listDevices(data),
    async broker() {
      const running = await readRunFile(data);
      if (running === undefined) return undefined;
      const { hostname, port } = new URL(running.mqtt);
      return { url: running.mqtt, host: hostname, port: Number(port) };
    },
    todo: {
      start: 'Start it with: sluice up',
      connect: 'Is it running, with the certificate authority that signed this device? Start it with: sluice up',
      refused: 'The topic comes from the contract: name the --config that sluice up was started with.',
    },
    moves: true,
    maxInFlight: undefined,
  };
}

/** `--format`: a table, which is the default, or JSON. */
export function isJson(format: string | undefined): boolean {
  if (format !== undefined && format !== 'table' && format !== 'json')
    throw new UserError(`--format takes table or json, not '${format}'.`, { exitCode: 2 });
  return format === 'json';
}

/** `--as`: the device of messages that name none. Throws a `UserError` of exit code 2 for what is no id. */
export function checkAs(as: string | undefined): void {
  if (as !== undefined && !isDeviceId(as))
    throw new UserError(`--as takes a device id, 1 to 128 of a-z A-Z 0-9 : _ -, not '${as}'.`, { exitCode: 2 });
}

/** Connects devices to the broker of their place. Throws a `UserError` where none runs. */
export async function deviceConnections(
  place: DevicePlace,
  effects: Effects,
  { giveUpAfterMs }: { giveUpAfterMs?: number } = {},
): Promise<Connect> {
  const broker = await place.broker();
  if (broker === undefined) throw new UserError(`No stack runs ${place.name}.`, { todo: place.todo.start });
  // The SDK takes half a second to load: `add` and `list` do without it.
  const { connectDevice } = await import('../../../device/publish.ts');
  const { maxInFlight } = place;
  return async deviceid => {
    const identity = await place.identity(deviceid);
    const onConnection = (state: 'lost' | 'back', detail: string) =>
      effects.stderr(
        `${deviceid}: connection ${state}${state === 'back' ? ` ${detail}` : `, trying again (${detail})`}\n`,
      );
    return connectDevice(
      {
        host: broker.host,
        port: broker.port,
        identity,
        clientId: deviceid,
        whereToLook: place.todo.connect,
        whenRefused: place.todo.refused,
        ...(place.moves ? { locate: () => place.broker() } : {}),
        ...(maxInFlight === undefined ? {} : { maxInFlight }),
        ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
      },
      { now: effects.now, onConnection },
    );
  };
}
