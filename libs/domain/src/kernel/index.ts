export * from './aggregate';
export * from './claims';
export * from './effect';
export * from './errors';
export * from './sealed';
export * from './table';
export * from './time';
