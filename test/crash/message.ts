/**
 * The messages of the crash test: each is a function of its device and sequence number, so a row identifies its
 * message.
 */

/** `device#number`; each device counts from 0. */
export type MessageKey = string;

/** A row as any of the stores returns it. */
export interface FoundRow {
  device: string;
  /** Event time, ms since the epoch. */
  ts: number;
  temperature: number;
  humidity: number;
}

/** Devices that publish over MQTT, and those whose messages are put into Firehose or Kinesis directly. */
export const MQTT_DEVICES = ['crash-mqtt-1', 'crash-mqtt-2', 'crash-mqtt-3'] as const;
export const FIREHOSE_DEVICES = ['crash-firehose-1', 'crash-firehose-2'] as const;
export const KINESIS_DEVICES = ['crash-kinesis-1', 'crash-kinesis-2'] as const;

/**
 * Numbers that the two measures can distinguish: temperature counts hundredths from -90, and humidity counts the rounds
 * of those.
 */
const TEMPERATURES = 29_001;
const HUMIDITIES = 101;
/** The test's times start this long before midnight UTC, so that deliveries fall into two partitions. */
const BEFORE_MIDNIGHT_MS = 500;
const DAY_MS = 86_400_000;

/**
 * The parameters of a run's messages: where event times start (ms since the epoch), and where measures start to count.
 */
export interface Numbering {
  firstMs: number;
  seed: number;
}

/** The numbering of a run that starts at `now`. */
export function numberingOf(seed: number, now: number): Numbering {
  return { firstMs: Math.floor(now / DAY_MS) * DAY_MS - BEFORE_MIDNIGHT_MS, seed };
}

/** The row expected for a message. Event times are 1 ms apart, so no two messages of a device share one. */
export function rowOf({ firstMs, seed }: Numbering, device: string, number: number): FoundRow {
  const count = number + seed;
  return {
    device,
    ts: firstMs + number,
    temperature: ((count % TEMPERATURES) - 9_000) / 100,
    humidity: Math.floor(count / TEMPERATURES) % HUMIDITIES,
  };
}

/** The message's bytes, in the default contract's format. */
export function payloadOf(numbering: Numbering, device: string, number: number): Buffer {
  const { ts, temperature, humidity } = rowOf(numbering, device, number);
  const message = {
    DEVICE_NAME: device,
    TIMESTAMP: new Date(ts).toISOString(),
    HUMIDITY: humidity,
    TEMPERATURE: temperature,
  };
  return Buffer.from(JSON.stringify(message));
}

/** The message of a row, identified by device and event time. */
export function keyOfRow({ firstMs }: Numbering, row: { device: string; ts: number }): MessageKey {
  return keyOf(row.device, row.ts - firstMs);
}

export function keyOf(device: string, number: number): MessageKey {
  return `${device}#${number}`;
}

/** Whether a row has the values of its message. */
export function isTrue(numbering: Numbering, row: FoundRow): boolean {
  const { temperature, humidity } = rowOf(numbering, row.device, row.ts - numbering.firstMs);
  return row.temperature === temperature && row.humidity === humidity;
}
