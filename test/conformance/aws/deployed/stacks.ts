/**
 * The deployment as `cdk deploy` does it: templates and assets from `infra/aws`, created by CloudFormation in the
 * emulator.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App } from 'aws-cdk-lib';
import { XMLParser } from 'fast-xml-parser';
import { type Deployment, deploymentOf, readDeployment } from '../../../../infra/aws/deployment.ts';
import {
  deploymentParameter,
  type PublishedDeployment,
  parseDeployment,
} from '../../../../infra/aws/published-deployment.ts';
import { addStacks } from '../../../../infra/aws/stacks.ts';
import { parseStage } from '../../../../infra/aws/stage-file.ts';
import { cdkContext, type Template } from '../../../infra/aws/synth.ts';
import { ACCOUNT, CREDENTIALS, REGION } from '../moto.ts';
import type { Emulator } from '../server.ts';

/** Resource types that ministack does not support, or expects in another form: they are removed from the templates. */
export const LEFT_OUT = [
  'AWS::ApiGateway::ClientCertificate',
  'AWS::Athena::NamedQuery',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
];

/** The target and the inputs of a deployment. */
export interface DeployOptions {
  emulator: Emulator;
  /** Its Python packs the assets. */
  python: string;
  work: string;
}

/** Synthesizes the stage `main` and creates its stacks one after the other; returns what the last one published. */
export async function deployStacks({ emulator, python, work }: DeployOptions): Promise<PublishedDeployment> {
  const aws = { region: REGION, endpoint: emulator.url, credentials: CREDENTIALS };
  const outdir = path.join(work, 'cdk.out');
  const rooms = synthesize(await readDeployment({}), outdir);
  const s3 = new S3Client(aws);
  const bucket = ASSETS;
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  const ssm = new SSMClient(aws);
  const version = { Name: '/cdk-bootstrap/hnb659fds/version', Type: 'String', Value: '30' } as const;
  await ssm.send(new PutParameterCommand(version));
  for (const room of rooms) {
    await uploadAssets({ s3, bucket, outdir, python }, room);
    const { status, why } = await putStack(emulator.url, 'CreateStack', room, await templateOf(outdir, room));
    if (status !== 'CREATE_COMPLETE') throw new Error(`sluice-main-${room} is ${status}: ${why}`);
  }
  return publish(ssm, emulator.url);
}

const ASSETS = `cdk-hnb659fds-assets-${ACCOUNT}-${REGION}`;

/** The result of a later deployment. */
export interface Redeployed {
  /** The stacks that were updated, or needed no update. */
  done: string[];
  /** The stack that failed, at which the CDK CLI stops, with its status and the reasons in its events. */
  failed?: { room: string; status: string; why: string };
}

/**
 * Deploys the stage `main` again, with another contract (the path of its file), like `cdk deploy --all -c confirm=…`.
 */
export async function redeployStacks(
  { emulator, python, work }: DeployOptions,
  { contract, confirmed = [] }: { contract: string; confirmed?: string[] },
): Promise<Redeployed> {
  const outdir = await mkdtemp(path.join(work, 'cdk.out-'));
  const rooms = synthesize(await deploymentOf('main', parseStage({ contract }, 'main.json'), confirmed), outdir);
  const s3 = new S3Client({ region: REGION, endpoint: emulator.url, credentials: CREDENTIALS });
  const done: string[] = [];
  for (const room of rooms) {
    await uploadAssets({ s3, bucket: ASSETS, outdir, python }, room);
    const { status, why } = await putStack(emulator.url, 'UpdateStack', room, await templateOf(outdir, room));
    if (status !== 'UPDATE_COMPLETE' && status !== UNCHANGED) return { done, failed: { room, status, why } };
    done.push(room);
  }
  return { done };
}

function synthesize(deployment: Deployment, outdir: string): string[] {
  const app = new App({ outdir, context: cdkContext(), analyticsReporting: false });
  const rooms = Object.keys(addStacks(app, deployment));
  app.synth();
  return rooms;
}

async function templateOf(outdir: string, room: string): Promise<Template> {
  const template = JSON.parse(await readFile(path.join(outdir, `${room}.template.json`), 'utf8')) as Template;
  return withoutTypes(template, LEFT_OUT);
}

/** The API's host name is an AWS one, which leads nowhere here: the command gets the emulator's own URL for it. */
async function publish(ssm: SSMClient, url: string): Promise<PublishedDeployment> {
  const Name = deploymentParameter('main');
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const deployment = parseDeployment(Parameter?.Value ?? '', 'main');
  const [api] = new URL(deployment.apiUrl).host.split('.');
  const here = { ...deployment, apiUrl: `${url}/restapis/${api}/main/_user_request_/` };
  await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: JSON.stringify(here), Overwrite: true }));
  return here;
}

interface AssetPlace {
  s3: S3Client;
  bucket: string;
  outdir: string;
  python: string;
}

interface AssetManifest {
  files: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

async function uploadAssets({ s3, bucket, outdir, python }: AssetPlace, room: string): Promise<void> {
  const manifest = JSON.parse(await readFile(path.join(outdir, `${room}.assets.json`), 'utf8')) as AssetManifest;
  for (const { source, destinations } of Object.values(manifest.files)) {
    const file = path.join(outdir, source.path);
    const Body = (await stat(file)).isDirectory() ? await zip(python, file) : await readFile(file);
    for (const { objectKey } of Object.values(destinations))
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: objectKey, Body }));
  }
}

const run = promisify(execFile);

/** The folder as a zip file; Python can create one. */
async function zip(python: string, folder: string): Promise<Buffer> {
  const file = `${folder}.zip`;
  const program = 'import shutil, sys; shutil.make_archive(sys.argv[1][:-4], "zip", sys.argv[2])';
  await run(python, ['-c', program, file, folder]);
  return readFile(file);
}

function withoutTypes(template: Template, types: readonly string[]): Template {
  const kept = Object.entries(template.Resources).filter(([, { Type }]) => !types.includes(Type));
  const names = new Set(kept.map(([name]) => name));
  const Resources = kept.map(([name, { DependsOn, ...resource }]) => {
    const dependencies = [DependsOn ?? []].flat().filter(dependency => names.has(dependency));
    return [name, { ...resource, ...(dependencies.length === 0 ? {} : { DependsOn: dependencies }) }] as const;
  });
  return { ...template, Resources: Object.fromEntries(Resources) };
}

const POLL_MS = 250;

/** CloudFormation's message for a template that changes nothing. */
const UNCHANGED = 'No updates are to be performed';

/** Creates or updates a stack, and waits for its end; returns its status, and what went wrong. */
async function putStack(url: string, action: 'CreateStack' | 'UpdateStack', room: string, template: Template) {
  const StackName = `sluice-main-${room}`;
  try {
    await askCloudFormation(url, action, {
      ...{ StackName, TemplateBody: JSON.stringify(template), 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' },
    });
  } catch (error) {
    if (!String(error).includes(UNCHANGED)) throw error;
    return { status: UNCHANGED, why: '' };
  }
  for (;;) {
    const status = textOf(await askCloudFormation(url, 'DescribeStacks', { StackName }), 'StackStatus');
    if (!status.endsWith('_IN_PROGRESS')) return { status, why: await failures(url, StackName) };
    await setTimeout(POLL_MS);
  }
}

async function failures(url: string, name: string): Promise<string> {
  const text = await askCloudFormation(url, 'DescribeStackEvents', { StackName: name });
  return [...text.matchAll(/<ResourceStatusReason>(.*?)<\/ResourceStatusReason>/gs)].map(([, why]) => why).join('; ');
}

/**
 * CloudFormation's query protocol. The emulator reads the service from the signature's scope, and checks nothing else
 * of it.
 */
async function askCloudFormation(url: string, action: string, parameters: Record<string, string>): Promise<string> {
  const scope = `${CREDENTIALS.accessKeyId}/20260101/${REGION}/cloudformation/aws4_request`;
  const response = await fetch(`${url}/`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ Action: action, Version: '2010-05-15', ...parameters }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action} of ${parameters.StackName}: ${textOf(text, 'Message') || text}`);
  return text;
}

/** The text of the first element with a name, at any depth. */
function textOf(xml: string, name: string): string {
  const find = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return undefined;
    for (const [key, each] of Object.entries(value)) {
      const found = key === name ? each : find(each);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return String(find(new XMLParser().parse(xml)) ?? '');
}
