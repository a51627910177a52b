import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, type AppProps } from 'aws-cdk-lib';
import { contractKey } from '../../../contract/contract-key.ts';
import { packageFile } from '../../../contract/package-root.ts';
import { type Deployment, deploymentOf } from '../../../infra/aws/deployment.ts';
import { addStacks } from '../../../infra/aws/stacks.ts';
import { parseStage, readStageFile, type StageFile } from '../../../infra/aws/stage-file.ts';

/** A CloudFormation template, in the parts that tests read. */
export interface Template {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, unknown>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

export interface Resource {
  Type: string;
  /** Absent from the few resources that need none; no test reads those. */
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
}

export type Stacks = ReturnType<typeof addStacks>;

export interface Synthesized {
  deployment: Deployment;
  stacks: Stacks;
  /** By room: `foundation`, `catalog`, … */
  templates: Record<keyof Stacks, Template>;
  /** The reports of template validation, and of any added plugin. */
  report: ValidationReport;
}

export interface ValidationReport {
  pluginReports: { pluginName: string; conclusion: string; violations: unknown[] }[];
}

/**
 * The context that the CDK CLI would pass, which `new App()` does not read by itself: the feature flags of cdk.json,
 * and the construct paths in the resources' metadata. The name of the API's deployment contains a digest of that
 * metadata too.
 */
export function cdkContext(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(packageFile('cdk.json'), 'utf8')) as { context: Record<string, unknown> };
  return { ...context, 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
}

/** The contract that tests deploy, as a stage file names it. */
export const WORKSHOP = 'test/fixtures/workshop.config.ts';

/**
 * A stage: its name, the content of its file, in which the contract is optional, and the confirmations of a deployment.
 */
export type Stage = Partial<StageFile> & { stage?: string; confirmed?: string[] };

/**
 * Synthesizes the whole deployment of a stage as `cdk synth -c stage=NAME` does, in this process. It takes a second or
 * two, so share the result among the tests of a file. `prepare` may add to the app before the synthesis. Templates are
 * validated only on request, because it takes seconds more; template errors and plugin errors then throw.
 */
export async function synthesize(
  stage: Stage = {},
  prepare: (app: App, stacks: Stacks) => void = () => {},
  { validate = false } = {},
): Promise<Synthesized> {
  const outdir = mkdtempSync(path.join(tmpdir(), 'sluice-synth-'));
  try {
    const { app, deployment, stacks } = await construct(stage, { outdir, builtinCloudFormationValidation: validate });
    prepare(app, stacks);
    const assembly = app.synth();
    const templates = Object.fromEntries(
      Object.entries(stacks).map(([room, { artifactId }]) => [room, assembly.getStackArtifact(artifactId).template]),
    );
    return { deployment, stacks, templates: templates as Record<keyof Stacks, Template>, report: readReport(outdir) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Only the constructs of a deployment, without templates, which take most of the time. */
export async function construct({ stage = 'main', confirmed = [], ...file }: Stage = {}, props: AppProps = {}) {
  const app = new App({ ...props, context: cdkContext() });
  const settings = parseStage({ contract: WORKSHOP, ...file }, `${stage}.json`);
  const deployment = await deploymentOf(stage, settings, confirmed);
  deployment.bundle = bundledOnce(deployment, settings.contract);
  return { app, deployment, stacks: addStacks(app, deployment) };
}

const bundles = new Map<string, string>();

/** A handler's bundle is the same for every stage of a contract: it is built once for all syntheses of a worker. */
function bundledOnce({ bundle, contract }: Deployment, file: string): Deployment['bundle'] {
  // A source map names the contract's file, so the same contract in another file gives another bundle.
  const key = `${contractKey(contract)}-${path.basename(file, '.config.ts')}`;
  return handler => {
    const known = bundles.get(`${key} ${handler}`);
    const folder = known ?? bundle(handler, packageFile('node_modules', '.cache', 'sluice-bundles', key));
    bundles.set(`${key} ${handler}`, folder);
    return folder;
  };
}

/** Without a plugin, and without findings, there is no report. */
function readReport(outdir: string): ValidationReport {
  const file = path.join(outdir, 'validation-report.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ValidationReport) : { pluginReports: [] };
}

/** For hooks that synthesize, on a machine that is busy with other tests. */
export const SYNTHESIS_TIMEOUT_MS = 120_000;

const shared: { byDefault?: Promise<Synthesized>; trial?: Promise<Synthesized> } = {};

/** The deployment of the default stage, synthesized once for all tests of a worker: read it, do not change it. */
export function defaultDeployment(): Promise<Synthesized> {
  shared.byDefault ??= synthesize();
  return shared.byDefault;
}

/** A deployment with every setting changed from its default, shared in the same way. */
export function trialDeployment(): Promise<Synthesized> {
  shared.trial ??= synthesize(TRIAL);
  return shared.trial;
}

/** The folder of the trial's stage file. */
export const TRIAL_STAGES = packageFile('test', 'infra', 'aws', 'stages');

/** The trial: its file changes every setting from its default. */
export const TRIAL: Stage & { stage: string } = {
  stage: 'trial',
  ...readStageFile('trial', TRIAL_STAGES),
};

const PSEUDO_PARAMETERS: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::AccountId': '111122223333',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * A property as CloudFormation would fill it in: joins are joined, imports are resolved to the exporting stack, and
 * values that only AWS knows become the logical id (`Ref`) or `<logical id>.<attribute>`.
 */
export function filledIn(value: unknown, templates: Record<string, Template>): unknown {
  if (Array.isArray(value)) return value.map(member => filledIn(member, templates));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  const isFunction = others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'));
  if (!isFunction)
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filledIn(member, templates)]));
  const filled = filledIn(argument, templates);
  if (name === 'Ref') return PSEUDO_PARAMETERS[String(filled)] ?? filled;
  if (name === 'Fn::GetAtt' && Array.isArray(filled)) return filled.join('.');
  if (name === 'Fn::ImportValue') return filledIn(exported(String(filled), templates), templates);
  if (name === 'Fn::Join' && Array.isArray(filled) && Array.isArray(filled[1]))
    return filled[1].join(String(filled[0]));
  throw new Error(`the value ${JSON.stringify(value)} is not supported; add it here`);
}

function exported(name: string, templates: Record<string, Template>): unknown {
  const outputs = Object.values(templates).flatMap(({ Outputs }) => Object.values(Outputs ?? {}));
  const found = outputs.find(({ Export }) => Export?.Name === name);
  if (found === undefined) throw new Error(`no stack exports ${name}`);
  return found.Value;
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: Template, type: string): Record<string, Resource> {
  return Object.fromEntries(Object.entries(template.Resources).filter(([, resource]) => resource.Type === type));
}

/** The only resource of a type. Throws if there is none, or several. */
export function onlyResource(template: Template, type: string): Resource {
  const [first, ...others] = Object.values(resourcesOf(template, type));
  if (first === undefined || others.length > 0)
    throw new Error(`there are ${others.length + (first === undefined ? 0 : 1)} resources of type ${type}`);
  return first;
}

/** The methods of a template's REST API, by verb and path: `GET /datas/{deviceid}`. */
export function apiMethods(template: Template): Record<string, Resource['Properties']> {
  const resources = resourcesOf(template, 'AWS::ApiGateway::Resource');
  const pathOf = ({ Ref }: { Ref?: string }): string => {
    const resource = resources[Ref ?? '']?.Properties;
    return resource === undefined ? '' : `${pathOf(resource.ParentId as object)}/${resource.PathPart}`;
  };
  return Object.fromEntries(
    Object.values(resourcesOf(template, 'AWS::ApiGateway::Method')).map(({ Properties }) => [
      `${Properties.HttpMethod} ${pathOf(Properties.ResourceId as object) || '/'}`,
      Properties,
    ]),
  );
}
