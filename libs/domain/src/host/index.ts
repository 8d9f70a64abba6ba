export * from './decider';
export * from './events';
export * from './inventory';
export * from './placement';
export { ALLOCATION_RATIOS, claimable, type Host } from './state';
