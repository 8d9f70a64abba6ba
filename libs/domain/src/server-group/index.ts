export * from './decider';
export * from './events';
export * from './member';
export * from './quota';
