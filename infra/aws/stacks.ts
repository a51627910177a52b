import { type App, Tags } from 'aws-cdk-lib';
import type { Deployment } from './deployment.ts';
import { FoundationStack } from './foundation-stack.ts';

/** Adds all stacks of a deployment to an app, each given what it uses of those before it. */
export function addStacks(app: App, deployment: Deployment) {
  const foundation = new FoundationStack(app, deployment);
  Tags.of(app).add('sluice:stage', deployment.stage);
  return { foundation };
}
