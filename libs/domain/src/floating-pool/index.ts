export * from './decider';
export type { FloatingGrant, FloatingPoolEvent, FloatingRange } from './events';
export { addressesIn, commonAddress, isIn, withoutRange } from './ranges';
