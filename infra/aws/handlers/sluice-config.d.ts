/** The contract file of the deployment: `bundleHandler` substitutes it for this module. */
declare module 'sluice-config' {
  import type { LakeConfig } from '../../../contract/config.ts';

  const config: LakeConfig;
  export default config;
}
