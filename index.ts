export type { ColumnConfig, ColumnType, LakeConfig, TimeConfig } from './contract/config.ts';
