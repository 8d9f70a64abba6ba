export * from './aggregate';
export * from './claims';
export * from './effect';
export * from './errors';
export * from './owned';
export * from './sealed';
export * from './table';
export * from './time';
