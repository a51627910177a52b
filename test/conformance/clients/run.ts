/** The client suites alone: `npx jiti test/conformance/clients/run.ts [boto3 aws_cli pyathena awswrangler dbt]`. */
import { checkClients } from './clients.ts';

const { failed } = await checkClients(process.argv.slice(2));
process.exitCode = failed > 0 ? 1 : 0;
