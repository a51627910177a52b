import type { Identity } from '../../../device/provision.ts';
import type { BrokerAddress } from '../../../device/publish.ts';

/** What devices belong to and publish to: the local stack of a data folder, or a deployed stage on AWS. */
export interface DeviceTarget {
  /** `for the data folder …` or `on AWS`, as used in messages. */
  name: string;
  /** Makes what a device needs, unless it exists. */
  provision(id: string): Promise<Identity>;
  /** What a device connects with. Throws a `UserError` if it must be provisioned first. */
  identity(id: string): Promise<Identity>;
  list(): Promise<string[]>;
  /** The MQTT broker; undefined if none is running. */
  broker(): Promise<Broker | undefined>;
  /** What to do if there is no broker, if it cannot be reached, and if it refuses a message. */
  todo: { start: string; connect: string; refused: string };
  /** Whether the broker may come back at another address. */
  moves: boolean;
  /** Messages in flight that the broker allows a device; undefined if it sets no limit. */
  maxInFlight: number | undefined;
}

export interface Broker extends BrokerAddress {
  url: string;
}
