export * from './furnishings';
export * from './records';
export * from './requests';
