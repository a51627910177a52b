/**
 * cfn-lint, CloudFormation's own linter, over every template that `npx cdk synth` generates without an account, with
 * the defaults and with every setting changed.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TRIAL, TRIAL_STAGES } from '../../infra/aws/synth.ts';
import type { Counts } from '../counts.ts';
import { findPython, virtualEnvironment } from '../python.ts';
import { EXPLAINED } from './explained.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The contexts to synthesize, each into its own folder. */
const CONTEXTS: Record<string, Record<string, string>> = {
  default: {},
  trial: { stage: TRIAL.stage, stages: TRIAL_STAGES },
};

/** A finding of cfn-lint, in the parts of its JSON that are used. */
interface Finding {
  Filename: string;
  Level: string;
  Message: string;
  Location: { Path: (string | number)[] | null };
  Rule: { Id: string };
}

/**
 * Lints each template, for errors, warnings and hints, and prints what `explained.ts` does not explain. Counts by
 * template.
 */
export async function checkTemplates(): Promise<Counts> {
  const python = findPython();
  if (python === undefined) {
    console.log('skipped: this machine lacks Python 3.11 or later with venv and pip. No template was linted.');
    return { passed: 0, failed: 0, skipped: 1 };
  }
  console.log('Installing cfn-lint with pip, if it is missing …');
  const environment = path.join(ROOT, 'node_modules/.cache/sluice-templates');
  const installed = await virtualEnvironment(python, environment, path.join(FOLDER, 'cfn-lint.txt'));
  const work = await mkdtemp(path.join(tmpdir(), 'sluice-templates-'));
  try {
    const templates = await synthesize(work);
    const findings = await lint(installed, work);
    return judge(
      templates,
      findings.map(finding => ({ ...finding, Filename: path.relative(work, finding.Filename) })),
    );
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

function judge(templates: string[], findings: Finding[]): Counts {
  const unexplained = findings.filter(({ Rule }) => !Object.hasOwn(EXPLAINED, Rule.Id));
  for (const { Filename, Level, Message, Location, Rule } of unexplained)
    console.log(`${Level} ${Rule.Id}, ${Filename}, ${(Location.Path ?? []).join('/')}: ${Message}`);
  for (const [rule, reason] of Object.entries(EXPLAINED)) {
    const count = findings.filter(({ Rule }) => Rule.Id === rule).length;
    console.log(
      count > 0 ? `explained, ${count} of ${rule}: ${reason}` : `explained.ts explains ${rule}, which has no findings.`,
    );
  }
  const stale = Object.keys(EXPLAINED).filter(rule => findings.every(({ Rule }) => Rule.Id !== rule));
  const wrong = new Set(unexplained.map(({ Filename }) => Filename));
  const failed = templates.filter(template => wrong.has(template)).length;
  return { passed: templates.length - failed, failed: failed + stale.length, skipped: 0 };
}

/** `npx cdk synth` in an environment without credentials, settings or a home. Returns the names of the templates. */
async function synthesize(work: string): Promise<string[]> {
  const home = path.join(work, 'home');
  await mkdir(home);
  const environment = { PATH: process.env.PATH ?? '', HOME: home, CI: 'true' };
  const templates: string[] = [];
  for (const [name, context] of Object.entries(CONTEXTS)) {
    const settings = Object.entries(context).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const output = path.join(work, name);
    await run(
      process.execPath,
      [path.join(ROOT, 'node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--output', output, ...settings],
      environment,
    );
    const made = (await readdir(output)).filter(file => file.endsWith('.template.json'));
    if (made.length === 0) throw new Error(`cdk synth generated no template for ${name}`);
    templates.push(...made.map(file => path.join(name, file)));
  }
  return templates;
}

/** The exit code of cfn-lint is a bit mask of finding types; only its JSON has the findings. */
async function lint(python: string, work: string): Promise<Finding[]> {
  const args = ['--format', 'json', '--include-checks', 'I', '--', path.join(work, '*', '*.template.json')];
  const { stdout, stderr } = await run(
    path.join(path.dirname(python), 'cfn-lint'),
    args,
    { PATH: process.env.PATH ?? '', HOME: work },
    [0, 2, 4, 6, 8, 10, 12, 14],
  );
  try {
    // cfn-lint's own format, as far as `Finding` declares it.
    return JSON.parse(stdout) as Finding[];
  } catch (error) {
    throw new Error(`cfn-lint printed invalid JSON:\n${stdout}\n${stderr}`, { cause: error });
  }
}

async function run(command: string, args: string[], env: Record<string, string>, expected = [0]) {
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  if (code === null || !expected.includes(code))
    throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${said.stdout}\n${said.stderr}`);
  return said;
}
