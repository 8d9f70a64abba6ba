export * from './decider';
export * from './messages';
export * from './resources';
export { limitsOf, type Pending, type Quota, type Reservation } from './state';
