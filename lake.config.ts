import type { LakeConfig } from 'sluice';

// The message of AWS's IoT workshop. This file is the only place that knows what a reading looks like.
export default {
  topic: 'data/{deviceid}',
  device: { from: 'DEVICE_NAME' },
  time: { from: 'TIMESTAMP', form: 'iso8601', timezone: 'UTC' },
  columns: [
    { name: 'temperature', from: 'TEMPERATURE', type: 'double', unit: '°C', range: [-90, 200], required: true },
    { name: 'humidity', from: 'HUMIDITY', type: 'double', unit: '%', range: [0, 100] },
  ],
  accept: { pastDays: 400, futureDays: 1 },
  since: '2020-01-01',
} satisfies LakeConfig;
