export { type Log, type LogFields, silentLog } from '@cairn/log';
