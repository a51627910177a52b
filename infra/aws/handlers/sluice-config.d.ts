/** The contract file of the deployment: `bundleHandler` puts it in this module's place. */
declare module 'sluice-config' {
  import type { LakeConfig } from '../../../contract/config.ts';

  const config: LakeConfig;
  export default config;
}
