export { Database, type DatabaseOptions } from './database';
export { Statement, type Changes } from './statement';
export { hasCode } from './error';
export { DamagedDatabase, isDamage, requireSound } from './damage';
