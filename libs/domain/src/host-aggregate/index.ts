export * from './decider';
export * from './events';
export * from './state';
export { aggregateHasNoHost, hostAggregateNotFound } from './refusals';
