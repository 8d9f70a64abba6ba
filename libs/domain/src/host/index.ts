export * from './decider';
export * from './events';
export * from './inventory';
export { ALLOCATION_RATIOS, claimable, type Host, isUp } from './state';
