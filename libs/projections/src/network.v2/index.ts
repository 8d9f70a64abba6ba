export * from './projector';
export * from './row';
