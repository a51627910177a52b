import type { LakeConfig } from 'sluice';

// The workshop's message, for replaying what was recorded years ago: a live lake would reject it as outside-window.
export default {
  topic: 'data/{deviceid}',
  device: { from: 'DEVICE_NAME' },
  time: { from: 'TIMESTAMP', form: 'iso8601', timezone: 'UTC' },
  columns: [
    { name: 'temperature', from: 'TEMPERATURE', type: 'double', unit: '°C', range: [-90, 200], required: true },
    { name: 'humidity', from: 'HUMIDITY', type: 'double', unit: '%', range: [0, 100] },
  ],
  accept: { pastDays: 10_000, futureDays: 1 },
} satisfies LakeConfig;
