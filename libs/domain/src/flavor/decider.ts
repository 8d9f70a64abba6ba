import { type Aggregate, plainSnapshot } from '../kernel/aggregate';
import { DomainError, unreachable } from '../kernel/errors';
import { abandons, type Life, requireAbsent, requireLive } from '../kernel/owned';
import type { AbandonCreation } from '../kernel/reservations';
import { flavorEvents } from './catalogue';
import type { ExtraSpecs, FlavorSpec } from '../instance/launch/request';
import { own } from '../kernel/own';

export interface FlavorRecord extends FlavorSpec {
  readonly rxtxFactor: number;
  /** A flavor that is not is for administrators, and for the projects that were let in. */
  readonly isPublic: boolean;
  /** Free text for people (compute API 2.55). Absent or null: none. */
  readonly description?: string | null;
}

interface OneProject {
  readonly projectId: string;
}

export type FlavorCommand =
  | { readonly type: 'CreateFlavor'; readonly data: FlavorRecord }
  | AbandonCreation
  /** Other keys stay as they are. */
  | { readonly type: 'SetExtraSpecs'; readonly data: { readonly extraSpecs: ExtraSpecs } }
  | { readonly type: 'DeleteExtraSpec'; readonly data: { readonly key: string } }
  | { readonly type: 'DescribeFlavor'; readonly data: { readonly description: string | null } }
  | { readonly type: 'GrantFlavorAccess'; readonly data: OneProject }
  | { readonly type: 'RevokeFlavorAccess'; readonly data: OneProject }
  | { readonly type: 'DeleteFlavor'; readonly data: Record<string, never> };

export type FlavorEvent =
  | { readonly type: 'flavor.created.v1'; readonly data: FlavorRecord }
  | { readonly type: 'flavor.creation-abandoned.v1'; readonly data: Record<string, never> }
  | {
      readonly type: 'flavor.extra-specs-set.v1';
      readonly data: {
        readonly flavorId: string;
        /** All of them, after the change. */
        readonly extraSpecs: ExtraSpecs;
      };
    }
  | {
      readonly type: 'flavor.described.v1';
      readonly data: { readonly flavorId: string; readonly description: string | null };
    }
  | { readonly type: 'flavor.access-granted.v1'; readonly data: OneProject & { readonly flavorId: string } }
  | { readonly type: 'flavor.access-revoked.v1'; readonly data: OneProject & { readonly flavorId: string } }
  | { readonly type: 'flavor.deleted.v1'; readonly data: { readonly flavorId: string } };

export interface Flavor {
  readonly life: Life;
  readonly record: FlavorRecord | undefined;
  readonly extraSpecs: ExtraSpecs;
  /** The projects that may use it although it is not public, in the order in which they were let in. */
  readonly access: readonly string[];
}

/** The guide's table of default flavors (rows 38 and 40): no swap, no ephemeral disk, RXTX factor 1. */
export const DEFAULT_FLAVORS: readonly FlavorRecord[] = (
  [
    ['1', 'm1.tiny', 1, 512, 1],
    ['2', 'm1.small', 1, 2048, 20],
    ['3', 'm1.medium', 2, 4096, 40],
    ['4', 'm1.large', 4, 8192, 80],
    ['5', 'm1.xlarge', 8, 16_384, 160],
  ] as const
).map(([flavorId, name, vcpus, ramMb, rootGb]) => ({
  flavorId,
  name,
  vcpus,
  ramMb,
  rootGb,
  ephemeralGb: 0,
  swapMb: 0,
  rxtxFactor: 1,
  isPublic: true,
}));

/** Decides nothing where they are so already. */
function setExtraSpecs(extraSpecs: ExtraSpecs, state: Flavor): readonly FlavorEvent[] {
  requireLive(state.life, 'flavor');
  const [before, after] = [Object.entries(state.extraSpecs), Object.entries(extraSpecs)];
  const same = before.length === after.length && after.every(([key, value]) => own(state.extraSpecs, key) === value);
  if (same) return [];
  return [{ type: 'flavor.extra-specs-set.v1', data: { flavorId: state.record?.flavorId ?? '', extraSpecs } }];
}

/** As nova's since 2.7: a public flavor is everyone's already. */
function grantAccess(projectId: string, { life, record, access }: Flavor): readonly FlavorEvent[] {
  requireLive(life, 'flavor');
  const flavorId = record?.flavorId ?? '';
  const both = `${flavorId} and project ${projectId}`;
  if (access.includes(projectId)) {
    const message = `Flavor access already exists for flavor ${both} combination.`;
    throw new DomainError('conflict', 'flavor.access-exists', message);
  }
  return [{ type: 'flavor.access-granted.v1', data: { flavorId, projectId } }];
}

function revokeAccess(projectId: string, { life, record, access }: Flavor): readonly FlavorEvent[] {
  requireLive(life, 'flavor');
  const flavorId = record?.flavorId ?? '';
  if (!access.includes(projectId)) {
    const message = `Flavor access not found for ${flavorId} / ${projectId} combination.`;
    throw new DomainError('not-found', 'flavor.no-access', message);
  }
  return [{ type: 'flavor.access-revoked.v1', data: { flavorId, projectId } }];
}

/** Decides nothing where it says so already. */
function describe(description: string | null, { life, record }: Flavor): readonly FlavorEvent[] {
  requireLive(life, 'flavor');
  if ((record?.description ?? null) === description) return [];
  return [{ type: 'flavor.described.v1', data: { flavorId: record?.flavorId ?? '', description } }];
}

/** Whether a project may use a flavor. */
export const mayUseFlavor = ({ record, access }: Flavor, projectId: string | null): boolean =>
  record?.isPublic === true || (projectId !== null && access.includes(projectId));

/** @throws DomainError `flavor.no-extra-spec`. */
function without(key: string, { life, record, extraSpecs }: Flavor): ExtraSpecs {
  requireLive(life, 'flavor');
  if (!Object.hasOwn(extraSpecs, key)) throw noExtraSpec(record?.flavorId ?? '', key);
  return Object.fromEntries(Object.entries(extraSpecs).filter(([other]) => other !== key));
}

export const noExtraSpec = (flavorId: string, key: string): DomainError =>
  new DomainError('not-found', 'flavor.no-extra-spec', `Flavor ${flavorId} has no extra specs with key ${key}.`);

function decide(command: FlavorCommand, state: Flavor): readonly FlavorEvent[] {
  switch (command.type) {
    case 'CreateFlavor': {
      requireAbsent(state.life === 'deleted' ? 'absent' : state.life, 'flavor', command.data.flavorId);
      const bad = (['vcpus', 'ramMb'] as const).find((field) => command.data[field] < 1);
      if (bad !== undefined)
        throw new DomainError('invalid', 'flavor.invalid', `Flavor ${bad} must be at least 1.`, { field: bad });
      return [{ type: 'flavor.created.v1', data: command.data }];
    }
    case 'AbandonCreation':
      return abandons(state.life, 'flavor') ? [{ type: 'flavor.creation-abandoned.v1', data: {} }] : [];
    case 'SetExtraSpecs':
      return setExtraSpecs({ ...state.extraSpecs, ...command.data.extraSpecs }, state);
    case 'DeleteExtraSpec':
      return setExtraSpecs(without(command.data.key, state), state);
    case 'DescribeFlavor':
      return describe(command.data.description, state);
    case 'GrantFlavorAccess':
      return grantAccess(command.data.projectId, state);
    case 'RevokeFlavorAccess':
      return revokeAccess(command.data.projectId, state);
    case 'DeleteFlavor':
      requireLive(state.life, 'flavor');
      return [{ type: 'flavor.deleted.v1', data: { flavorId: state.record?.flavorId ?? '' } }];
    default:
      return unreachable(command);
  }
}

function evolve(state: Flavor, event: FlavorEvent): Flavor {
  switch (event.type) {
    case 'flavor.created.v1':
      return { life: 'live', record: event.data, extraSpecs: {}, access: [] };
    case 'flavor.creation-abandoned.v1':
      return { ...state, life: 'abandoned' };
    case 'flavor.extra-specs-set.v1':
      return { ...state, extraSpecs: event.data.extraSpecs };
    case 'flavor.described.v1': {
      const { description } = event.data;
      return state.record === undefined ? state : { ...state, record: { ...state.record, description } };
    }
    case 'flavor.access-granted.v1':
      return { ...state, access: [...state.access, event.data.projectId] };
    case 'flavor.access-revoked.v1':
      return { ...state, access: state.access.filter((projectId) => projectId !== event.data.projectId) };
    case 'flavor.deleted.v1':
      return { ...state, life: 'deleted' };
    default:
      return unreachable(event);
  }
}

export const flavor: Aggregate<Flavor, FlavorCommand, FlavorEvent> = {
  initial: { life: 'absent', record: undefined, extraSpecs: {}, access: [] },
  decide,
  evolve,
  category: 'flavor',
  events: flavorEvents,
  schemaVersion: 2,
  snapshot: plainSnapshot(),
};
