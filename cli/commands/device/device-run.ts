import { isDeviceId } from '../../../contract/reading.ts';
import { parseIsoTime } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import { fleet, fleetIds } from '../../../device/fleet.ts';
import { checkSimulation, type RunEffects, runFleet } from '../../../device/run-devices.ts';
import type { Effects } from '../../command.ts';
import { tableOrJson } from '../../format.ts';
import { wholeNumber } from '../../parse.ts';
import { terminalLine } from '../../terminal-line.ts';
import { DEFAULT_DEVICES, type DeviceValues } from './device-declaration.ts';
import { deviceConnections, settingOf } from './device-setting.ts';

const DAY_MS = 86_400_000;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const SHORTEST_INTERVAL_MS = 10;
const MAX_DEVICES = 1_000;

/** `sluice device run [ID…]` */
export async function runDevices(ids: readonly string[], values: DeviceValues<'run'>, effects: Effects): Promise<0> {
  const format = tableOrJson(values.format);
  const devices = chooseDevices(values.devices, ids);
  const intervalMs = parseInterval(values.interval);
  const seed = wholeNumber('--seed', values.seed);
  const count = values.count === undefined ? undefined : wholeNumber('--count', values.count, { min: 1 });
  const fromMs = parseTime('--backfill-from', values['backfill-from']);
  const untilMs = parseTime('--until', values.until);
  const { target, contract } = await settingOf(values, effects);
  if (fromMs !== undefined && fromMs < effects.now() - contract.accept.pastDays * DAY_MS)
    throw new UserError(
      `--backfill-from is more than ${contract.accept.pastDays} days ago, which the contract rejects.`,
      {
        exitCode: 2,
        todo: 'Use a later time, or raise accept.pastDays in the contract.',
      },
    );
  checkSimulation(contract, effects.now());
  const connect = await deviceConnections(target, effects);

  effects.stderr(
    `${devices.length} ${devices.length === 1 ? 'device' : 'devices'}, one message each every ${intervalMs / 1_000} s. Ctrl-C stops them.\n`,
  );
  const line = terminalLine(effects);
  const onAcknowledged: NonNullable<RunEffects['onAcknowledged']> = ({ deviceid, payload }, { acknowledged }) =>
    line.draw(() => `${acknowledged} acknowledged; ${deviceid} ${payload.toString('utf8').slice(0, 100)}`);
  const progress = await runFleet(
    {
      fleet: fleet({ contract, devices, intervalMs, seed }),
      connect,
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(untilMs === undefined ? {} : { untilMs }),
      ...(count === undefined ? {} : { countPerDevice: count }),
    },
    { now: effects.now, signal: effects.signal, onAcknowledged },
  );
  line.clear();
  effects.stdout(
    format === 'json'
      ? `${JSON.stringify(progress)}\n`
      : `published     ${progress.published}\nacknowledged  ${progress.acknowledged}\n`,
  );
  return 0;
}

function chooseDevices(count: string | undefined, ids: readonly string[]): string[] {
  if (count !== undefined && ids.length > 0)
    throw new UserError('--devices and device ids exclude each other.', {
      exitCode: 2,
      todo: 'Leave out one of them.',
    });
  if (ids.length === 0)
    return fleetIds(wholeNumber('--devices', count ?? String(DEFAULT_DEVICES), { min: 1, max: MAX_DEVICES }));
  const wrong = ids.find(id => !isDeviceId(id));
  if (wrong !== undefined)
    throw new UserError(`Invalid device id '${wrong}'.`, { exitCode: 2, todo: 'Use 1-128 of a-z A-Z 0-9 : _ -' });
  return [...new Set(ids)];
}

function parseInterval(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const intervalMs = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isInteger(intervalMs) && intervalMs >= SHORTEST_INTERVAL_MS) return intervalMs;
  throw new UserError(`Invalid --interval '${text}'.`, {
    exitCode: 2,
    todo: `Use a time such as 500ms, 5s, 1m or 2h, at least ${SHORTEST_INTERVAL_MS}ms.`,
  });
}

/** A date means its midnight; a time without a zone is in UTC. */
function parseTime(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseIsoTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (ms === undefined)
    throw new UserError(`Invalid ${option} '${text}'.`, {
      exitCode: 2,
      todo: 'Use a date or a time: 2026-11-20 or 2026-11-20T06:00Z',
    });
  return ms;
}
