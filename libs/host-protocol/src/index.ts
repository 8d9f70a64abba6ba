export type { ImageSpec, InstanceFacts, InstanceSpec, Inventory, NetworkSpec, NicSpec } from '@cairn/domain';
export * from './bridge-name';
export * from './event-ids';
export * from './jobs';
export * from './results';
export * from './transport';
export * from './joining';
