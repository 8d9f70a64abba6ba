export * from './decider';
export * from './events';
export * from './rule';
export { type HostRule, type HostSecurity, type PortGuard, type SecurityJobs } from './jobs';
export { hostSecurity } from './due';
export { defaultGroup, groupNamed, type GroupRule, rulesOf, type SecurityGroups } from './state';
export { groupNotFound, ruleNotFound } from './refusals';
export * from './default-group';
