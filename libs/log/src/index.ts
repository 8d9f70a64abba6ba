export { type Log, type LogFields, silentLog } from './log';
export { processLog, type ProcessLogOptions } from './process-log';
