export * from './decider';
export * from './lockout';
