/**
 * Who may request what: identities and requests, and whether each is legitimate. `isRight` uses names and no policies:
 * a device is a thing that its certificate is attached to, uses that thing's name, and has one topic.
 */
import type { IotRequest } from './iot-policy-evaluator.ts';

/** Source of a certificate's policy: the stage, another stage of the account, or none. */
export type Origin = 'this stage' | 'other topic' | 'none';

export interface Identity {
  name: string;
  /** The device that it is, or claims to be: requests are built around this name. */
  as: string;
  clientId: string;
  things: string[];
  exclusive?: boolean;
  active?: boolean;
  policy?: Origin;
  protocol?: 'https';
}

export interface Variant {
  identity: Identity;
  request: IotRequest;
}

/** The topics of the stage, and of a stage whose contract has another topic. */
const LEVELS: Record<Origin, string[]> = { 'this stage': ['data'], 'other topic': ['lab', 'data'], none: [] };

export const IDENTITIES: readonly Identity[] = [
  ...['device-1', 'device-10', 'DEVICE-1', '1', '_', 'plant:1:device-1', ':', 'x'.repeat(128)].map(as => ({
    name: `the device ${as.slice(0, 20)}`,
    as,
    clientId: as,
    things: [as],
    exclusive: true,
  })),
  { name: 'attached without exclusion', as: 'device-1', clientId: 'device-1', things: ['device-1'] },
  { name: 'a gateway of two things', as: 'device-1', clientId: 'device-1', things: ['device-2', 'device-1'] },
  ...['device-2', 'device-10', 'device-', 'DEVICE-1', '*', 'device-?', '+', '#', 'device-1/', ' device-1', ''].map(
    clientId => ({
      name: `device-1 with the client id '${clientId}'`,
      as: clientId,
      clientId,
      things: ['device-1'],
      exclusive: true,
    }),
  ),
  ...['device-2', '*', `\${iot:Connection.Thing.ThingName}`].map(clientId => ({
    name: `device-1, attached without exclusion, with the client id '${clientId}'`,
    as: clientId,
    clientId,
    things: ['device-1'],
  })),
  { name: 'a certificate without a thing', as: 'device-1', clientId: 'device-1', things: [] },
  {
    name: 'a stolen certificate, since revoked',
    as: 'device-1',
    clientId: 'device-1',
    things: ['device-1'],
    active: false,
  },
  {
    name: 'a certificate without a policy',
    as: 'device-1',
    clientId: 'device-1',
    things: ['device-1'],
    policy: 'none',
  },
  {
    name: 'a device of a stage with another topic',
    as: 'device-1',
    clientId: 'device-1',
    things: ['device-1'],
    policy: 'other topic',
  },
  {
    name: 'over HTTPS',
    as: 'device-1',
    clientId: 'device-1',
    things: ['device-1'],
    exclusive: true,
    protocol: 'https',
  },
];

/** Topics that somebody with a given name may try; the first is the legitimate one. */
export function topicsAround(name: string): string[] {
  const next = name === 'device-2' ? 'device-3' : 'device-2';
  return [
    `data/${name}`,
    ...[`data/${next}`, `data/${name}0`, `data/${name.slice(0, -1)}`, `data/${name.toUpperCase()}x`, 'data/', 'data'],
    ...[`data//${name}`, `/data/${name}`, `data/${name}/`, `data/${name}/x`, `x/data/${name}`, name],
    ...[`DATA/${name}`, `Data/${name}`, `data /${name}`, `data/ ${name}`, `data/${name} `, `data\\${name}`],
    ...['data/+', 'data/#', '+/+', '#', `+/${name}`, `data/${name}/#`, `data/${name}#`, 'data/*', 'data/?', '*', '?'],
    ...[`$share/group/data/${name}`, '$share/group/data/#', '$SYS/#', '$aws/#', '$aws/events/#'],
    ...[`$aws/things/${name}/shadow/update`, `$aws/things/${next}/shadow/get`, '$aws/certificates/create/json'],
    // Basic Ingest, which addresses a rule by name and bypasses the broker.
    ...['$aws/rules/sluice_main_readings', `$aws/rules/sluice_main_readings/data/${name}`],
    ...[`lab/data/${name}`, `data/${'y'.repeat(300)}`, `data/${name}\u0000`, `data/${name}\n`],
    // Lookalikes of a hyphen, a colon and an a, and the full-width digit.
    ...[`data/${name.replace('-', '\u2010')}\u200b`, `d\u0430ta/${name}`, `data\u2215${name}`, `data/${name}\uff11`],
    ...[`data/\${iot:ClientId}`, `data/\${iot:Connection.Thing.ThingName}`, `data/${encodeURIComponent(name)}%2f`],
  ];
}

export function variants(): Variant[] {
  return IDENTITIES.flatMap(identity => {
    const topics = [...new Set(topicsAround(identity.as))];
    const [own = '', other = ''] = topics;
    const requests: IotRequest[] = [
      { action: 'connect' },
      ...topics.map(topic => ({ action: 'publish' as const, topic })),
      ...[own, other].map(topic => ({ action: 'publish' as const, topic, retain: true })),
      ...topics.map(topic => ({ action: 'subscribe' as const, topic })),
      ...topics.map(topic => ({ action: 'receive' as const, topic })),
    ];
    return requests.map(request => ({ identity, request }));
  });
}

/** Whether it should be allowed. */
export function isRight({ identity, request }: Variant): boolean {
  const { things, clientId, active = true, policy = 'this stage', protocol } = identity;
  const known = active && policy !== 'none' && protocol === undefined && things.includes(clientId);
  if (!known || request.action === 'connect') return known;
  if (request.action === 'publish' && request.retain === true) return false;
  const levels = request.topic.split('/');
  const own = [...LEVELS[policy], clientId];
  return levels.length === own.length && levels.every((level, index) => level === own[index]);
}

/** A variant in words, for a failing test. */
export function inWords({ identity, request }: Variant): string {
  const topic = request.action === 'connect' ? '' : ` ${JSON.stringify(request.topic.slice(0, 60))}`;
  const retained = request.action === 'publish' && request.retain === true ? ' retained' : '';
  return `${identity.name}: ${request.action}${retained}${topic}`;
}
