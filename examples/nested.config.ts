import type { LakeConfig } from 'sluice';

// Boards that send {"device":"iot-device-01","ts":1594598735.77,"data":{"temp":27.0,"humidity":58.2,"co":0.0045,…}}.
export default {
  topic: 'sensors/{deviceid}/readings',
  device: { from: 'device' },
  time: { from: 'ts', form: 'epoch-seconds' },
  columns: [
    { name: 'temperature', from: 'data.temp', type: 'double', unit: '°C', range: [-90, 200], required: true },
    { name: 'humidity', from: 'data.humidity', type: 'double', unit: '%', range: [0, 100] },
    { name: 'co', from: 'data.co', type: 'double', unit: 'ppm' },
    { name: 'lpg', from: 'data.lpg', type: 'double', unit: 'ppm' },
    { name: 'smoke', from: 'data.smoke', type: 'double', unit: 'ppm' },
    { name: 'light', from: 'data.light', type: 'boolean' },
    { name: 'motion', from: 'data.motion', type: 'boolean' },
  ],
  accept: { pastDays: 400, futureDays: 1 },
} satisfies LakeConfig;
