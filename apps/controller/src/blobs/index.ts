export * from './blob-store';
export * from './errors';
export * from './in-steps';
export * from './in-use';
export * from './open-blobs';
export * from './sweep';
