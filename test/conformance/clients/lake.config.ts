import type { LakeConfig } from 'sluice';

// A column of each type, so that the clients see them all in one of Sluice's own tables.
export default {
  topic: 'data/{deviceid}',
  device: { from: 'device' },
  time: { from: 'time', form: 'iso8601' },
  columns: [
    { name: 'temperature', from: 'temperature', type: 'double', unit: '°C', range: [-90, 200], required: true },
    { name: 'humidity', from: 'humidity', type: 'double', unit: '%', range: [0, 100] },
    { name: 'uptime', from: 'uptime', type: 'bigint', unit: 'ms' },
    { name: 'charging', from: 'charging', type: 'boolean' },
    { name: 'note', from: 'note', type: 'string' },
  ],
  accept: { pastDays: 400, futureDays: 1 },
} satisfies LakeConfig;
