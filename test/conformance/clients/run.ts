/**
 * Only the client suites: `npm run build && npx jiti test/conformance/clients/run.ts [boto3 aws_cli pyathena
 * awswrangler dbt]`.
 */
import { summary } from '../counts.ts';
import { checkClients } from './clients.ts';

const counts = await checkClients(process.argv.slice(2));
console.log(summary('clients', counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
