import type { Identity } from '../../../device/provision.ts';
import type { BrokerAddress } from '../../../device/publish.ts';

/** What devices belong to and publish to: the local stack of a data folder, or a deployed stage on AWS. */
export interface DeviceTarget {
  /** `for the data folder …` or `on AWS`, as it stands in messages. */
  name: string;
  /** Makes what a device needs, unless it exists. */
  provision(id: string): Promise<Identity>;
  /** What a device connects with. Throws a `UserError` where it must be provisioned first. */
  identity(id: string): Promise<Identity>;
  list(): Promise<string[]>;
  /** The MQTT broker; undefined where none is running. */
  broker(): Promise<Broker | undefined>;
  /** What to do where there is no broker, where it cannot be reached, and where it refuses a message. */
  todo: { start: string; connect: string; refused: string };
  /** Whether the broker may come back under another address. */
  moves: boolean;
  /** Messages in flight that the broker allows a device; undefined where it sets no limit. */
  maxInFlight: number | undefined;
}

export interface Broker extends BrokerAddress {
  url: string;
}
