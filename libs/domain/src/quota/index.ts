export * from './decider';
export * from './messages';
export * from './resources';
export { limitsOf, QUOTA_CLASS, type Pending, type Quota, type Reservation, type UserQuota, userQuota } from './state';
