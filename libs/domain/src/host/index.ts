export * from './decider';
export * from './events';
export type { HostJobs } from './jobs';
export * from './inventory';
export { ALLOCATION_RATIOS, claimable, type Host, isUp, restartOf } from './state';
