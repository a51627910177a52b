import path from 'node:path';
import type { Contract } from '../../contract/contract.ts';
import { loadContract } from '../../contract/load.ts';
import { commandSettings } from '../../contract/settings.ts';
import { UserError } from '../../contract/user-error.ts';
import type { Connect } from '../../device/connections.ts';
import { provisionDevice } from '../../device/provision.ts';
import type { BrokerAddress } from '../../device/publish.ts';
import { readRunFile } from '../../infra/local/run-file.ts';
import type { Effects } from '../command.ts';

/** Where a `device` subcommand works: the data folder (absolute), and the contract. */
export interface Setting {
  data: string;
  contract: Contract;
}

export async function settingOf(values: { data?: string; config?: string }, { cwd }: Effects): Promise<Setting> {
  const settings = commandSettings();
  const { contract } = await loadContract(values.config ?? settings.config, cwd);
  return { data: path.resolve(cwd, values.data ?? settings.data), contract };
}

/** `--format`: a table, which is the default, or JSON. */
export function isJson(format: string | undefined): boolean {
  if (format !== undefined && format !== 'table' && format !== 'json')
    throw new UserError(`--format takes table or json, not '${format}'.`, { exitCode: 2 });
  return format === 'json';
}

/** The broker of the `sluice up` that runs on a data folder, or undefined. */
export async function brokerOf(data: string): Promise<(BrokerAddress & { url: string }) | undefined> {
  const running = await readRunFile(data);
  if (running === undefined) return undefined;
  const { hostname, port } = new URL(running.mqtt);
  return { url: running.mqtt, host: hostname, port: Number(port) };
}

/** Connects devices, provisioned as needed, to the running broker. Throws a `UserError` where none runs. */
export async function deviceConnections(
  data: string,
  effects: Effects,
  { giveUpAfterMs }: { giveUpAfterMs?: number } = {},
): Promise<Connect> {
  const broker = await brokerOf(data);
  if (broker === undefined)
    throw new UserError(`No stack runs on the data folder ${data}.`, { todo: 'Start it with: sluice up' });
  // The SDK takes half a second to load: `add` and `list` do without it.
  const { connectDevice } = await import('../../device/publish.ts');
  return async deviceid => {
    const identity = await provisionDevice(data, deviceid);
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
        locate: () => brokerOf(data),
        ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
      },
      { now: effects.now, onConnection },
    );
  };
}
