export * from './decider';
export * from './events';
export * from './hosts';
export * from './state';
export { aggregateHasNoHost, hostAggregateNotFound } from './refusals';
