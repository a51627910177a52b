/** The AWS checks alone: `npm run build && npx jiti test/conformance/aws/run.ts`. */
import { quietSdkNotice } from '../../../contract/settings.ts';
import { summary } from '../counts.ts';
import { checkAws } from './aws.ts';

quietSdkNotice();
const counts = await checkAws();
console.log(summary('aws', counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
