export * from './errors';
export * from './projection';
export * from './read-model';
export * from './rows';
