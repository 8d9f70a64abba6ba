export * from './jobs';
export * from './results';
export * from './transport';
