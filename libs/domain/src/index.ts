export * from './aggregates';
export * from './known-names';
export * from './ids';
export * from './kernel';
export * from './resources';
export * from './upcasters';
