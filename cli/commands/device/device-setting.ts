import path from 'node:path';
import type { Contract } from '../../../contract/contract.ts';
import { loadContract } from '../../../contract/load.ts';
import { isDeviceId } from '../../../contract/reading.ts';
import { UserError } from '../../../contract/user-error.ts';
import type { Connect } from '../../../device/connections.ts';
import { listDevices, provisionDevice } from '../../../device/provision.ts';
import { adoptLayout, checkLayout } from '../../../infra/local/layout.ts';
import { readRunFile } from '../../../infra/local/run-file.ts';
import { commandSettings } from '../../../infra/settings.ts';
import type { Effects } from '../../command.ts';
import { dataFolder, stageOf, type TargetOptions } from '../../target.ts';
import type { DeviceTarget } from './device-target.ts';

/** The target of a `device` subcommand, and the contract. */
export interface Setting {
  target: DeviceTarget;
  contract: Contract;
}

export interface SettingOptions extends TargetOptions {
  config?: string | undefined;
}

export async function settingOf(values: SettingOptions, { cwd }: Effects): Promise<Setting> {
  await checkLayout(dataFolder({ data: values.data, cwd }));
  const { contract } = await loadContract(values.config ?? commandSettings().config, cwd);
  if (values.aws !== true) return { target: localTarget(dataFolder({ data: values.data, cwd })), contract };
  // Loaded only here: a laptop needs neither SSM nor AWS IoT.
  const { deployedTarget } = await import('./deployed-target.ts');
  const folder = path.join(dataFolder({ data: values.data, cwd }), 'aws', stageOf(values.stage));
  return { target: deployedTarget(folder, { ...values, cwd }), contract };
}

/** The devices of a data folder, and the broker of the `sluice up` that runs there. */
export function localTarget(data: string): DeviceTarget {
  const provision = async (id: string) => {
    await adoptLayout(data);
    return provisionDevice(data, id);
  };
  return {
    name: `for the data folder ${data}`,
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
      start: 'Start one: sluice up',
      connect: 'Check that sluice up is running, with the certificate authority that signed this device.',
      refused: 'The topic comes from the contract: use the same --config as sluice up.',
    },
    moves: true,
    maxInFlight: undefined,
  };
}

/** `--as`: the device of messages that name none. Throws a `UserError` of exit code 2 for an invalid id. */
export function checkAs(as: string | undefined): void {
  if (as !== undefined && !isDeviceId(as))
    throw new UserError(`Invalid --as '${as}'.`, { exitCode: 2, todo: 'Use a device id: 1-128 of a-z A-Z 0-9 : _ -' });
}

/** Connects devices to the broker of their target. Throws a `UserError` if none is running. */
export async function deviceConnections(
  target: DeviceTarget,
  effects: Effects,
  { giveUpAfterMs }: { giveUpAfterMs?: number } = {},
): Promise<Connect> {
  const broker = await target.broker();
  if (broker === undefined) throw new UserError(`No stack is running ${target.name}.`, { todo: target.todo.start });
  // The SDK takes half a second to load, and `add` and `list` do not need it.
  const { connectDevice } = await import('../../../device/publish.ts');
  const { maxInFlight } = target;
  return async deviceid => {
    const identity = await target.identity(deviceid);
    const onConnection = (state: 'lost' | 'back', detail: string) =>
      effects.stderr(
        `${deviceid}: connection ${state === 'back' ? `restored ${detail}` : `lost, trying again (${detail})`}\n`,
      );
    return connectDevice(
      {
        host: broker.host,
        port: broker.port,
        identity,
        clientId: deviceid,
        whereToLook: target.todo.connect,
        whenRefused: target.todo.refused,
        ...(target.moves ? { locate: () => target.broker() } : {}),
        ...(maxInFlight === undefined ? {} : { maxInFlight }),
        ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
      },
      { now: effects.now, onConnection },
    );
  };
}
