/** The AWS checks alone: `npm run build && npx jiti test/conformance/aws/run.ts [aws|deployed]`. */
import { quietSdkNotice } from '../../../contract/settings.ts';
import { summary } from '../counts.ts';
import { checkAws } from './aws.ts';
import { checkDeployed } from './deployed/deployed.ts';

quietSdkNotice();
const [only] = process.argv.slice(2);
let failed = 0;
for (const [part, check] of Object.entries({ aws: checkAws, deployed: checkDeployed })) {
  if (only !== undefined && only !== part) continue;
  const counts = await check();
  console.log(summary(part, counts));
  failed += counts.failed;
}
process.exitCode = failed > 0 ? 1 : 0;
