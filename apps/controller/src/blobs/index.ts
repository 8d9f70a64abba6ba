export * from './blob-store';
export * from './errors';
export * from './sweep';
export * from './token';
