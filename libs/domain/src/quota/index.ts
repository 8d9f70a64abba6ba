export * from './decider';
export * from './limits';
export * from './messages';
export type { Quota, Unconfirmed, Usage } from './state';
