/**
 * AWS IoT Core's decisions on MQTT, according to its Developer Guide ("AWS IoT Core policies", "Thing policy
 * variables", "Using wildcard characters in MQTT and AWS IoT Core policies"). If the guide is silent, this uses the
 * more permissive reading, so a refusal here is a refusal on AWS: `*` and `?` in the value of a variable stay
 * wildcards.
 */

/** A policy document; a single string counts as a list of one. */
export interface PolicyDocument {
  Statement: {
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Condition?: Record<string, Record<string, string | string[]>>;
  }[];
}

export interface Certificate {
  active: boolean;
  policies: readonly PolicyDocument[];
  /** Names of the things that it is attached to. */
  things: readonly string[];
  /** Attached exclusively to one thing: then the thing is known without the client id. */
  exclusive: boolean;
}

export interface Connection {
  certificate: Certificate;
  clientId: string;
  /** Over HTTPS there is no client id, and the thing variables have no values. */
  protocol: 'mqtt' | 'https';
}

export type IotRequest =
  | { action: 'connect' }
  | { action: 'publish'; topic: string; retain?: boolean }
  | { action: 'subscribe'; topic: string }
  | { action: 'receive'; topic: string };

/** `arn:aws:iot:<region>:<account>:` */
type Account = string;

/** Whether a connection may do it: a policy of its certificate allows it, and none denies it. */
export function allows(connection: Connection, request: IotRequest, account: Account): boolean {
  if (!connection.certificate.active) return false;
  return permissionsFor(connection, request).every(([action, resource]) =>
    permitted(connection, action, `${account}${resource}`),
  );
}

function permissionsFor({ clientId }: Connection, request: IotRequest): [action: string, resource: string][] {
  if (request.action === 'connect') return [['iot:Connect', `client/${clientId}`]];
  if (request.action === 'subscribe') return [['iot:Subscribe', `topicfilter/${request.topic}`]];
  if (request.action === 'receive') return [['iot:Receive', `topic/${request.topic}`]];
  const publish: [string, string] = ['iot:Publish', `topic/${request.topic}`];
  return request.retain === true ? [publish, ['iot:RetainPublish', `topic/${request.topic}`]] : [publish];
}

function permitted(connection: Connection, action: string, resource: string): boolean {
  const variables = variablesOf(connection);
  const applying = connection.certificate.policies
    .flatMap(({ Statement }) => Statement)
    .filter(
      ({ Action, Resource, Condition = {} }) =>
        [Action].flat().some(pattern => matches(pattern.toLowerCase(), action.toLowerCase(), {})) &&
        [Resource].flat().some(pattern => matches(pattern, resource, variables)) &&
        Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, variables)),
    );
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

type Variables = Record<string, string | undefined>;

function variablesOf({ certificate: { things, exclusive }, clientId, protocol }: Connection): Variables {
  if (protocol === 'https') return {};
  const thing = exclusive ? things[0] : things.find(name => name === clientId);
  return {
    'iot:ClientId': clientId,
    'iot:Connection.Thing.ThingName': thing,
    'iot:Connection.Thing.IsAttached': String(thing !== undefined),
  };
}

function holds(operator: string, keys: Record<string, string | string[]>, variables: Variables): boolean {
  if (operator !== 'Bool' && operator !== 'StringEquals') throw new Error(`no operator ${operator} here`);
  return Object.entries(keys).every(([key, wanted]) => [wanted].flat().includes(variables[key] ?? ''));
}

/**
 * `*` matches any characters, including none and `/`; `?` matches one; `+` and `#` are literal. `${name}` is the
 * variable's value, and nothing matches if it has none. `${*}`, `${?}` and `${$}` are the characters in them.
 */
function matches(pattern: string, text: string, variables: Variables): boolean {
  let source = '';
  let from = 0;
  for (const { 0: whole, 1: name = '', index } of pattern.matchAll(/\$\{([^}]*)\}/g)) {
    source += asRegExp(pattern.slice(from, index));
    from = index + whole.length;
    if (['*', '?', '$'].includes(name)) source += `\\${name}`;
    else if (variables[name] === undefined) return false;
    else source += asRegExp(variables[name]);
  }
  return new RegExp(`^${source}${asRegExp(pattern.slice(from))}$`, 'su').test(text);
}

function asRegExp(pattern: string): string {
  return pattern
    .replace(/[\\^$.+()[\]{}|/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
}
