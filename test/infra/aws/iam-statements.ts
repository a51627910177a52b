/** Every policy statement of the templates, and what is wrong with one. */
import { filledIn, type Template } from './synth.ts';

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  NotAction?: unknown;
  NotResource?: unknown;
  NotPrincipal?: unknown;
  Principal?: '*' | Record<string, string | string[]>;
  Condition?: Record<string, Record<string, string | string[]>>;
}

/**
 * `rights` of a role; who may assume a role (`trust`); who may use a `resource`; what a `device` may do on AWS IoT
 * Core.
 */
export type Kind = 'rights' | 'trust' | 'resource' | 'device';

export interface Found {
  kind: Kind;
  /** Stack, logical id and type. */
  where: string;
  type: string;
  statement: Statement;
}

/**
 * Where AWS keeps policies: the resource type and the property. Inline policies do not appear in an account's list of
 * policies.
 */
const PLACES: Record<string, Kind> = {
  'AWS::IAM::ManagedPolicy PolicyDocument': 'rights',
  'AWS::IAM::Role AssumeRolePolicyDocument': 'trust',
  'AWS::IoT::Policy PolicyDocument': 'device',
  'AWS::KMS::Key KeyPolicy': 'resource',
  'AWS::S3::BucketPolicy PolicyDocument': 'resource',
  'AWS::SNS::TopicPolicy PolicyDocument': 'resource',
  'AWS::SQS::QueuePolicy PolicyDocument': 'resource',
};

/** Throws for a policy in a place that is not in `PLACES`. */
export function statementsIn(templates: Record<string, Template>): Found[] {
  return Object.entries(templates).flatMap(([room, template]) =>
    Object.entries(template.Resources).flatMap(([id, { Type: type, Properties = {} }]) => {
      const where = `${room} ${id} ${type}`;
      if (type === 'AWS::Lambda::Permission') return [permission(where, filledIn(Properties, templates))];
      return Object.entries(Properties)
        .filter(([, value]) => JSON.stringify(value)?.includes('"Effect"'))
        .flatMap(([property, value]) => {
          const kind = PLACES[`${type} ${property}`];
          if (kind === undefined) throw new Error(`no test knows the policy in ${property} of ${where}`);
          const document = filledIn(value, templates) as { Statement: Statement[] }; // a policy document, by its place
          return document.Statement.map(statement => ({ kind, where, type, statement }));
        });
    }),
  );
}

/** AWS::Lambda::Permission as a policy statement. */
function permission(where: string, properties: unknown): Found {
  const { Action, Principal, SourceArn, SourceAccount } = properties as Record<string, string>; // texts, once filled in
  const statement: Statement = {
    Effect: 'Allow',
    Action: Action ?? '',
    Principal: { Service: Principal ?? '' },
    Condition: {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  };
  return { kind: 'resource', where, type: 'AWS::Lambda::Permission', statement };
}

/** Actions for which AWS's Service Authorization Reference lists no resource, each with the reason it is needed. */
export const WITHOUT_RESOURCE: Record<string, string> = {
  'xray:PutTraceSegments': 'functions and state machines write traces, which belong to the account',
  'xray:PutTelemetryRecords': 'likewise',
  'xray:GetSamplingRules': 'a state machine asks which executions to trace',
  'xray:GetSamplingTargets': 'likewise',
  'logs:CreateLogDelivery': "the delivery of a state machine's log is made by its role, when it is deployed",
  'logs:GetLogDelivery': 'likewise',
  'logs:UpdateLogDelivery': 'likewise',
  'logs:DeleteLogDelivery': 'likewise',
  'logs:ListLogDeliveries': 'likewise',
  'logs:PutResourcePolicy': 'likewise',
  'logs:DescribeResourcePolicies': 'likewise',
  'logs:DescribeLogGroups': 'likewise',
  'iot:RegisterThing':
    'fleet provisioning registers a thing with its role; the actions of that are limited to its own resources',
};

/**
 * Permissions on things whose names are not known at deployment time: all after a prefix that belongs to Sluice or the
 * account.
 */
const OPEN_ENDED = [
  // Objects under a prefix of the lake or of the results, and those of buckets that the deployer names.
  /^(Lake|Results)\w+\.Arn\/(raw|readings|errors(\/topic-rule)?|reports|import|backfill(\/map-runs)?|results)\/\*$/,
  /^arn:aws:s3:::[a-z0-9.-]+\/\*$/,
  // Fleet provisioning creates things and certificates; API Gateway logs for all APIs of the account.
  /^arn:aws:iot:[a-z0-9-]+:\d{12}:(thing|cert)\/\*$/,
  /^arn:aws:logs:[a-z0-9-]+:\d{12}:log-group:\*$/,
  // Executions of the backfill, and of its maps.
  /^arn:aws:states:[a-z0-9-]+:\d{12}:execution:sluice-\w+-backfill[:/]\*$/,
];

/** What is wrong with an allow statement, in words; a deny statement is never wrong. */
export function faultsOf({ kind, type, statement }: Found): string[] {
  if (statement.Effect === 'Deny' || isOwnersOf(type, statement)) return [];
  const faults = ['NotAction', 'NotResource', 'NotPrincipal'].filter(name => Object.hasOwn(statement, name));
  const actions = [statement.Action ?? []].flat();
  faults.push(...actions.filter(action => /[*?]/.test(action)).map(action => `the action ${action}`));
  // A device's policy has no principal: it applies to the certificates that it is attached to.
  if (kind === 'rights' || kind === 'device')
    faults.push(...resourceFaults(actions, [statement.Resource ?? []].flat()), ...keyFaults(actions, statement));
  else if (JSON.stringify(statement.Principal ?? '*').includes('"*"')) faults.push('anybody');
  else faults.push(...strangersIn(statement));
  return faults;
}

/** Only AWS services are allowed; the account's policies decide who else may. */
function strangersIn({ Principal = {} }: Statement): string[] {
  return Object.entries(Principal).flatMap(([kind, names]) =>
    [names].flat().filter(name => kind !== 'Service' || !name.endsWith('.amazonaws.com')),
  );
}

/** A permission to use a key must be limited to a service that stores the data; otherwise it decrypts anything. */
function keyFaults(actions: string[], { Condition = {} }: Statement): string[] {
  const through = Condition.StringEquals?.['kms:ViaService'];
  return through === undefined
    ? actions.filter(action => action.startsWith('kms:')).map(action => `${action} by itself`)
    : [];
}

function resourceFaults(actions: string[], resources: string[]): string[] {
  const anywhere = resources.includes('*') ? actions.filter(action => !Object.hasOwn(WITHOUT_RESOURCE, action)) : [];
  const wide = resources.filter(
    resource => resource !== '*' && /[*?]/.test(resource) && !OPEN_ENDED.some(pattern => pattern.test(resource)),
  );
  return [...anywhere.map(action => `${action} on *`), ...wide.map(resource => `the resource ${resource}`)];
}

/** The statement that gives a key to its account, whose IAM policies then decide; AWS KMS warns of keys without it. */
function isOwnersOf(type: string, { Action, Principal, Condition }: Statement): boolean {
  return (
    type === 'AWS::KMS::Key' &&
    Action === 'kms:*' &&
    Condition === undefined &&
    typeof Principal === 'object' &&
    /^arn:aws:iam::\d{12}:root$/.test(String(Principal.AWS))
  );
}

/** The services that a statement names. */
export function servicesOf({ Principal }: Statement): string[] {
  return typeof Principal === 'object' ? [Principal.Service ?? []].flat() : [];
}
