export * from './decider';
export type { FloatingGrant, FloatingPoolEvent, FloatingRange } from './events';
export { commonAddress, isIn, withoutRange } from './ranges';
