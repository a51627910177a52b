import { isDeviceId } from '../../../contract/reading.ts';
import { parseIsoTime } from '../../../contract/time.ts';
import { UserError } from '../../../contract/user-error.ts';
import { fleet, fleetIds } from '../../../device/fleet.ts';
import { checkSimulation, type RunEffects, runFleet } from '../../../device/run.ts';
import { type Effects, parseOptions, wholeNumber } from '../../command.ts';
import { terminalLine } from '../../terminal-line.ts';
import { deviceConnections, isJson, settingOf } from './device-setting.ts';

const DAY_MS = 86_400_000;
const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const SHORTEST_INTERVAL_MS = 10;
const MAX_DEVICES = 1_000;

/** `sluice device run [ID…]` */
export async function run(args: string[], effects: Effects): Promise<0> {
  const { values, positionals } = parseOptions(args, {
    devices: { type: 'string' },
    interval: { type: 'string' },
    count: { type: 'string' },
    seed: { type: 'string' },
    'backfill-from': { type: 'string' },
    until: { type: 'string' },
    format: { type: 'string' },
  });
  const json = isJson(values.format);
  const devices = chooseDevices(values.devices, positionals);
  const intervalMs = parseInterval(values.interval ?? '5s');
  const seed = wholeNumber('--seed', values.seed ?? '1');
  const count = values.count === undefined ? undefined : wholeNumber('--count', values.count, { min: 1 });
  const fromMs = parseTime('--backfill-from', values['backfill-from']);
  const untilMs = parseTime('--until', values.until);
  const { place, contract } = await settingOf(values, effects);
  if (fromMs !== undefined && fromMs < effects.now() - contract.accept.pastDays * DAY_MS)
    throw new UserError(
      `--backfill-from is more than the ${contract.accept.pastDays} days back that the contract accepts.`,
      {
        exitCode: 2,
        todo: 'Name a later time, or raise accept.pastDays in the contract.',
      },
    );
  checkSimulation(contract, effects.now());
  const connect = await deviceConnections(place, effects);

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
    json
      ? `${JSON.stringify(progress)}\n`
      : `published     ${progress.published}\nacknowledged  ${progress.acknowledged}\n`,
  );
  return 0;
}

function chooseDevices(count: string | undefined, ids: string[]): string[] {
  if (count !== undefined && ids.length > 0)
    throw new UserError('Give either --devices N or the names of devices.', { exitCode: 2 });
  if (ids.length === 0) return fleetIds(wholeNumber('--devices', count ?? '3', { min: 1, max: MAX_DEVICES }));
  const wrong = ids.find(id => !isDeviceId(id));
  if (wrong !== undefined)
    throw new UserError(`'${wrong}' is no device id.`, { exitCode: 2, todo: 'It is 1 to 128 of a-z A-Z 0-9 : _ -' });
  return [...new Set(ids)];
}

function parseInterval(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const intervalMs = Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isInteger(intervalMs) && intervalMs >= SHORTEST_INTERVAL_MS) return intervalMs;
  throw new UserError(
    `--interval takes a time such as 500ms, 5s, 1m or 2h, of at least ${SHORTEST_INTERVAL_MS}ms, not '${text}'.`,
    {
      exitCode: 2,
    },
  );
}

/** A date is its midnight, and a time without a zone is UTC. */
function parseTime(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseIsoTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text);
  if (ms === undefined)
    throw new UserError(`${option} takes a date or a time such as 2026-11-20 or 2026-11-20T06:00Z, not '${text}'.`, {
      exitCode: 2,
    });
  return ms;
}
