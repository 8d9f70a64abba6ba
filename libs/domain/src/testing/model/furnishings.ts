import { type Category, type CommandOf, type StreamOf, streamRef } from '../../aggregates';
import type { FlavorRecord } from '../../flavor';
import type { Inventory } from '../../host/inventory';
import type { ImageBlob, ImageRecord } from '../../image';
import type { NetworkSpec } from '../../instance/spec';
import type { ProjectRecord } from '../../project';
import type { UserRecord } from '../../user';
import { blobOf, flavorOf, imageOf, inventoryOf, networkSpecOf, projectOf, userOf } from './records';

/** A command that a cloud is furnished with, and the stream that takes it. */
export type Furnishing = {
  readonly [C in Category]: { readonly target: StreamOf<C>; readonly command: CommandOf<C> };
}[Category];

const of = <C extends Category>(category: C, id: string, command: CommandOf<C>): Furnishing =>
  ({ target: streamRef(category, id), command }) as Furnishing;

export interface ModelHost {
  readonly hostId: string;
  readonly name: string;
  readonly number?: number;
  readonly availabilityZone?: string;
}

export const enrolled = ({ hostId, name, number = 1, availabilityZone = 'nova' }: ModelHost): Furnishing =>
  of('host', hostId, { type: 'EnrolHost', data: { hostId, name, number, availabilityZone } });

export const agentStarted = (hostId: string, bootId: string, inventory: Partial<Inventory> = {}): Furnishing =>
  of('host', hostId, { type: 'RecordAgentStarted', data: { bootId, inventory: inventoryOf(inventory) } });

/** A host that is up. */
export const hostUp = (
  host: ModelHost,
  inventory: Partial<Inventory> = {},
  bootId = 'boot-1',
): readonly Furnishing[] => [enrolled(host), agentStarted(host.hostId, bootId, { hostname: host.name, ...inventory })];

/** A network whose addresses are all of its block, unless a range is given. */
export function network(over: Partial<NetworkSpec> = {}, rangeEnd: string | null = null): Furnishing {
  const spec = networkSpecOf(over);
  return of('network', spec.networkId, { type: 'CreateNetwork', data: { ...spec, rangeStart: null, rangeEnd } });
}

export function flavor(over: Partial<FlavorRecord> = {}): Furnishing {
  const data = flavorOf(over);
  return of('flavor', data.flavorId, { type: 'CreateFlavor', data });
}

/** An image that is active; with null for its blob it waits for its data. */
export function image(over: Partial<ImageRecord> = {}, blob: Partial<ImageBlob> | null = {}): readonly Furnishing[] {
  const data = imageOf(over);
  const created = of('image', data.imageId, { type: 'CreateImage', data });
  if (blob === null) return [created];
  return [created, of('image', data.imageId, { type: 'RecordImageUploaded', data: blobOf(blob) })];
}

/** Limits of a project; -1 is none. */
export const limits = (projectId: string, given: Readonly<Record<string, number>>): Furnishing =>
  of('quota', projectId, { type: 'SetQuotaLimits', data: { limits: given, force: true } });

export function project(over: Partial<ProjectRecord> = {}): Furnishing {
  const data = projectOf(over);
  return of('project', data.projectId, { type: 'CreateProject', data });
}

export function user(over: Partial<UserRecord> = {}): Furnishing {
  const data = userOf(over);
  return of('user', data.userId, { type: 'CreateUser', data });
}
