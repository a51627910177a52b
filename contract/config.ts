/** The shape of `lake.config.ts`: how one MQTT message becomes one row. */
export interface LakeConfig {
  /** MQTT topic of one device. `{deviceid}` is exactly one whole level: `data/{deviceid}`. */
  topic: string;
  /** The field that holds the device id (a dotted path), or `topic` to take it from the topic level. */
  device: { from: string } | { from: 'topic' };
  time: TimeConfig;
  /** The measures, in the order of the table's columns. The first one is the API's `value`. */
  columns: ColumnConfig[];
  /** How far a live reading's event time may be from its arrival. Default 400 days back, 1 day ahead. */
  accept?: { pastDays?: number; futureDays?: number };
  /** The first event date in the lake (UTC, `YYYY-MM-DD`); partition projection starts here. Default 2020-01-01. */
  since?: string;
  /** Largest message accepted, in bytes. Default 65,536; AWS IoT Core carries at most 131,072. */
  maxMessageBytes?: number;
  /** Days the hot table keeps a reading after it is received. Default 30. */
  hotDays?: number;
}

/** Where the event time is and how it is written. */
export interface TimeConfig {
  /** Dotted path of the field. */
  from: string;
  /** `iso8601` (with or without zone), or a JSON number, integer or fraction, since the epoch. */
  form: 'iso8601' | 'epoch-seconds' | 'epoch-milliseconds';
  /** IANA zone for times without one. Default `UTC`; the process's TZ never matters. */
  timezone?: string;
}

/** One measure: its column, its field in the message, and its allowed values. */
export interface ColumnConfig {
  /** Lower-case column name, `[a-z_][a-z0-9_]*`. */
  name: string;
  /** Dotted path in the message, such as `data.temp`. */
  from: string;
  type: ColumnType;
  unit?: string;
  /** Lowest and highest plausible value, inclusive. A reading outside is rejected as `out-of-range`. */
  range?: [number, number];
  /** Reject a message without this field. Default false: the column is NULL. */
  required?: boolean;
}

export type ColumnType = 'double' | 'bigint' | 'boolean' | 'string';
