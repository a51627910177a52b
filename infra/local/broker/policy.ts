/**
 * What a device may do, as the AWS IoT policy of a deployment says it: connect with its thing name as the client id,
 * publish to its own topic, and receive nothing of others. Each rule gives the reason of a refusal, or undefined.
 */
import { type Contract, IOT_MAX_PAYLOAD_BYTES } from '../../../contract/contract.ts';
import { isDeviceId } from '../../../contract/reading.ts';

/** Why something was refused, in words that name it. */
export type Refusal = string;

/** The part of an MQTT PUBLISH, or of a will, that the policy looks at. */
export interface Publication {
  topic: string;
  payload: string | Uint8Array;
  qos: number;
  retain?: boolean;
}

/** The one topic that a device may publish to: the contract's, with its id in place of `{deviceid}`. */
export function ownTopic(contract: Contract, thingName: string): string {
  return contract.topic.replace('{deviceid}', thingName);
}

/** MQTT CONNECT: `iot:Connect` for the certificate's own thing name, and a will only where it could be published. */
export function connectRefusal(
  contract: Contract,
  thingName: string,
  { clientId, will }: { clientId: string; will?: unknown },
): Refusal | undefined {
  if (!isDeviceId(thingName)) return `'${thingName}' on the certificate is no thing name`;
  if (clientId !== thingName) return `the certificate is of ${thingName}, so '${clientId}' is not its client id`;
  if (will === undefined || will === null) return undefined;
  // aedes hands the will over as mqtt-packet parsed it: a PUBLISH without a command.
  const refusal = publishRefusal(contract, thingName, will as Publication);
  return refusal === undefined ? undefined : `its will: ${refusal}`;
}

/** The longest time between two packets of a device, in s (AWS IoT Core quotas, "Keep-alive interval"): never without end. */
export function keepAliveSeconds(asked: number | undefined): number {
  const longest = 1200;
  return asked === undefined || asked === 0 ? longest : Math.min(Math.max(asked, 30), longest);
}

/** MQTT PUBLISH: AWS IoT Core closes the connection of a device that breaks one of these. */
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

/** MQTT SUBSCRIBE: to its own topic by name; a filter with wildcards would hear others. */
export function subscribeRefusal(
  contract: Contract,
  thingName: string,
  { topic, qos }: { topic: string; qos: number },
): Refusal | undefined {
  if (topic === ownTopic(contract, thingName) && qos < 2) return undefined;
  return `may not subscribe to ${topic} with QoS ${qos}`;
}
