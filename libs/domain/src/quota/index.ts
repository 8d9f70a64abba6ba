export * from './decider';
export * from './limits';
