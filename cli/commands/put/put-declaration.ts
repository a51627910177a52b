import { type CommandDeclaration, LAKE_OPTIONS } from '../../declaration.ts';

export const declaration = {
  name: 'put',
  description: [
    'Put messages into the streams as the IoT topic rule does, without MQTT: those of a gateway, of your own broker or of another platform. It needs a running sluice up, or --aws.',
    "A SOURCE is a file, a folder or s3://bucket/prefix, gzipped or not. - is standard input, one message per line, each put as it arrives. Objects of the lake's raw/ keep their topics and times of arrival.",
    'Messages that a stream does not take are kept under unsent/ in the data folder, to be put again. For old messages use sluice backfill.',
  ],
  operand: { name: 'SOURCE', count: 'some' },
  options: {
    only: { value: 'BRANCH', defaultText: 'both', what: 'put into one branch only: hot (the hot path) or lake' },
    as: { value: 'DEVICE', what: 'device of the messages that name none' },
    format: { value: 'FORMAT', default: 'table', what: 'table or json' },
  },
  shared: LAKE_OPTIONS,
  exit3: 'done, but the contract rejects some messages, some were too large, or some files were damaged.',
  examples: ['sluice put s3://sluice-lake/raw/ --only hot', "mosquitto_sub -t 'data/#' | sluice put - --aws"],
} as const satisfies CommandDeclaration;
