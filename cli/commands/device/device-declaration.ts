import { type CommandDeclaration, type Invocation, LAKE_OPTIONS } from '../../declaration.ts';

/** How many devices `run` simulates if neither a number nor ids are given. */
export const DEFAULT_DEVICES = 3;

export const declaration = {
  name: 'device',
  description: [
    'Manage devices that publish over MQTT with mutual TLS. A device has a certificate of the local authority or, with --aws, is a thing of AWS IoT with an active certificate and the policy of the stage.',
    'run and replay need a running sluice up, or --aws and devices that were added with --aws.',
  ],
  subcommands: {
    add: {
      what: 'make a certificate for each device, unless it has one',
      operand: { name: 'ID', count: 'some' },
      takes: ['format'],
    },
    list: { what: 'list the devices that have a certificate', takes: ['format'] },
    run: {
      what: 'simulate devices until Ctrl-C, or until --count or --until',
      operand: { name: 'ID', count: 'any' },
      takes: ['devices', 'interval', 'count', 'seed', 'backfill-from', 'until', 'format'],
    },
    replay: {
      what: 'publish the messages in files and folders as their devices would',
      operand: { name: 'FILE', count: 'some' },
      takes: ['rate', 'as', 'format'],
    },
  },
  options: {
    devices: {
      value: 'N',
      defaultText: String(DEFAULT_DEVICES),
      what: 'simulate N devices named device-001 and up, at most 1000, if no ID is given',
    },
    interval: { value: 'TIME', default: '5s', what: 'time between two messages of a device: 500ms, 5s, 1m, 2h' },
    count: { value: 'N', what: 'stop when each device has sent N messages' },
    seed: { value: 'N', default: '1', what: 'seed of the simulated signal; the same seed gives the same readings' },
    'backfill-from': { value: 'TIME', what: 'first send the readings since TIME (2026-11-20, or with a time of day)' },
    until: { value: 'TIME', what: 'stop before this event time' },
    rate: {
      value: 'N',
      defaultText: 'as fast as they are stored; 100 with --aws',
      what: 'messages per second, over all devices',
    },
    as: {
      value: 'DEVICE',
      defaultText: 'such messages are skipped',
      what: 'publish messages that name no device as DEVICE',
    },
    format: { value: 'FORMAT', default: 'table', what: 'table or json' },
  },
  shared: LAKE_OPTIONS,
  exit3: 'done, but replay skipped some messages.',
  examples: [
    'sluice device add device-001 greenhouse:north',
    'sluice device list --format json',
    'sluice device run --devices 3 --interval 1s --count 60',
    'sluice device replay readings.jsonl.gz --rate 500',
  ],
} as const satisfies CommandDeclaration;

/** The parsed options of a subcommand. */
export type DeviceValues<Subcommand extends keyof (typeof declaration)['subcommands']> = Extract<
  Invocation<typeof declaration>,
  { subcommand: Subcommand }
>['values'];
