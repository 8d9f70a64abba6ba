export { PROJECTS, USERS } from './asked';
export * from './furnishings';
export * from './records';
export * from './requests';
