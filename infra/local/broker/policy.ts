/**
 * The rights of a device, as in the AWS IoT policy of a deployment: connect with its thing name as the client id,
 * publish to its own topic, and receive nothing from other devices. Each rule returns the reason for a refusal, or
 * undefined.
 */
import { type Contract, IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';
import { isDeviceId } from '../../../contract/reading.ts';

/** Why something was refused. */
export type Refusal = string;

/** The parts of an MQTT PUBLISH, or of a will, that the policy checks. */
export interface Publication {
  topic: string;
  payload: string | Uint8Array;
  qos: number;
  retain?: boolean;
}

/** The only topic that a device may publish to: the contract's topic with the device's id for `{deviceid}`. */
export function ownTopic(contract: Contract, thingName: string): string {
  return contract.topic.replace('{deviceid}', thingName);
}

/** MQTT CONNECT: `iot:Connect` only as the certificate's thing name, and a will only if it may be published. */
export function connectRefusal(
  contract: Contract,
  thingName: string,
  { clientId, will }: { clientId: string; will?: unknown },
): Refusal | undefined {
  if (!isDeviceId(thingName)) return `'${thingName}' on the certificate is not a valid thing name`;
  if (clientId !== thingName) return `the certificate is for ${thingName}, but the client id is '${clientId}'`;
  if (will === undefined || will === null) return undefined;
  // Aedes passes the will as mqtt-packet parsed it: a PUBLISH without a command.
  const refusal = publishRefusal(contract, thingName, will as Publication);
  return refusal === undefined ? undefined : `its will: ${refusal}`;
}

/** The longest time between two packets of a device, seconds, never unlimited (AWS IoT Core, "Keep-alive interval"). */
export function keepAliveSeconds(asked: number | undefined): number {
  const longest = 1200;
  return asked === undefined || asked === 0 ? longest : Math.min(Math.max(asked, 30), longest);
}

/** MQTT PUBLISH: AWS IoT Core closes the connection of a device that breaks one of these rules. */
export function publishRefusal(
  contract: Contract,
  thingName: string,
  { topic, payload, qos, retain }: Publication,
): Refusal | undefined {
  const own = ownTopic(contract, thingName);
  if (topic !== own) return `may publish to ${own}, not to ${topic}`;
  if (qos === 2) return 'QoS 2 is not supported, as on AWS IoT Core';
  if (retain === true) return `may not publish retained messages to ${topic} (no iot:RetainPublish)`;
  const length = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
  if (length > IOT_MAX_PAYLOAD_BYTES)
    return `a payload of ${length} bytes is over the limit of ${IOT_MAX_PAYLOAD_BYTES}`;
  return undefined;
}

/** MQTT SUBSCRIBE: only to its own topic, without wildcards, which would also match other devices. */
export function subscribeRefusal(
  contract: Contract,
  thingName: string,
  { topic, qos }: { topic: string; qos: number },
): Refusal | undefined {
  if (topic === ownTopic(contract, thingName) && qos < 2) return undefined;
  return `may not subscribe to ${topic} with QoS ${qos}`;
}
