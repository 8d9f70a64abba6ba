export * from './bridge-name';
export * from './event-ids';
export * from './jobs';
export * from './message';
export * from './results';
export * from './transport';
export * from './joining';
