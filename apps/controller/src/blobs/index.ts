export * from './blob-store';
export * from './errors';
export * from './in-use';
export * from './provide';
export * from './sweep';
