import { type App, Tags } from 'aws-cdk-lib';
import { BackfillStack } from './backfill-stack.ts';
import { CatalogStack } from './catalog-stack.ts';
import type { Deployment } from './deployment.ts';
import { FoundationStack } from './foundation-stack.ts';
import { GuardStack } from './guard-stack.ts';
import { IngestStack } from './ingest-stack.ts';
import { OperationsStack } from './operations-stack.ts';
import { ReportsStack } from './reports-stack.ts';
import { ServingStack } from './serving-stack.ts';

/** Adds all stacks of a deployment to an app, passing each what it uses from the earlier ones. */
export function addStacks(app: App, deployment: Deployment) {
  const foundation = new FoundationStack(app, deployment);
  const guard = new GuardStack(app, deployment, foundation);
  const catalog = new CatalogStack(app, deployment, foundation);
  const ingest = new IngestStack(app, deployment, foundation, catalog);
  const serving = new ServingStack(app, deployment, foundation, ingest);
  const reports = new ReportsStack(app, deployment, foundation, catalog);
  const backfill = new BackfillStack(app, deployment, foundation);
  const operations = new OperationsStack(app, {
    deployment,
    foundation,
    guard,
    catalog,
    ingest,
    serving,
    reports,
    backfill,
  });
  const shaped = { catalog, ingest, serving, reports, backfill, operations };
  // A deployment that the guard refuses must not reach these; the foundation does not depend on the contract.
  for (const stack of Object.values(shaped)) stack.addStackDependency(guard);
  Tags.of(app).add('sluice:stage', deployment.stage);
  return { foundation, guard, ...shaped };
}
