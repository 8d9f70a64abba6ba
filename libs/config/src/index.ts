export * from './parse';
export * from './rules';
export { launcherSettings } from './launcher/settings';
