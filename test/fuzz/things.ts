import type { Ref } from './asked';
import { GARBAGE } from './values';

/** Something that there is, or was. */
interface Thing {
  readonly id: string;
  /** Id of what it belongs to, where it has an id only inside of that. */
  readonly parent: string | undefined;
  /** Projects whose callers have seen it. */
  readonly seenBy: Set<string>;
  gone: boolean;
}

/** What tells one thing of a collection from another, in answers of any API: the first of these that it has. */
const ID_KEYS = ['id', 'alias', 'host_name', 'port_id', 'request_id', 'zoneName', 'name'];

/** By this a hypervisor is found, too. */
const SECOND_KEYS = ['hypervisor_hostname'];

/** Collections that are called differently in some URLs. */
const ALIASES: Readonly<Record<string, string>> = {
  instances: 'servers',
  'os-volumes_boot': 'servers',
  'os-tenant-networks': 'os-networks',
  tenants: 'projects',
  'os-quota-sets': 'projects',
  'os-simple-tenant-usage': 'projects',
};

/** What is there although no answer lists it. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  schemas: ['image', 'images', 'member', 'members'],
  'os-quota-class-sets': ['default'],
  ips: ['private'],
};

/** The collection in which the things of a collection are looked up: several have the same things. */
export const poolOf = (collection: string): string => ALIASES[collection] ?? collection;

/** `users/roles` is in the collection of all roles, too. */
export const wider = (collection: string): string => poolOf(collection.split('/').at(-1) ?? '');

const isScalar = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** The things of one cloud as its callers have seen them: learnt from answers, so that a new collection is learnt, too. */
export class Things {
  private readonly pools = new Map<string, Map<string, Thing>>();
  private count = 0;

  constructor() {
    for (const [pool, ids] of Object.entries(FIXED)) for (const id of ids) this.note(pool, id, undefined, undefined);
  }

  /** Learns what a collection's answer says of the things in it. */
  learn(collection: string, parent: string | undefined, project: string | undefined, body: unknown): void {
    if (typeof body !== 'object' || body === null) return;
    const isThing = Object.hasOwn(body, 'id');
    const parts = Object.entries(body).filter(([key, part]) => typeof part === 'object' && !key.endsWith('links'));
    for (const part of isThing ? [body] : parts.map(([, one]) => one as unknown))
      for (const id of idsIn(part)) this.note(poolOf(collection), id, parent, project);
  }

  note(pool: string, id: string, parent: string | undefined, project: string | undefined): void {
    const things = this.pools.get(pool) ?? new Map<string, Thing>();
    this.pools.set(pool, things);
    const key = `${parent ?? ''}/${id}`;
    const thing = things.get(key) ?? { id, parent, seenBy: new Set<string>(), gone: false };
    if (project !== undefined) thing.seenBy.add(project);
    things.set(key, thing);
  }

  /** A thing was deleted. */
  forget(collection: string, id: string): void {
    for (const thing of this.pools.get(poolOf(collection))?.values() ?? []) if (thing.id === id) thing.gone = true;
  }

  /** A text that nothing else is called. */
  unique(begin: string): string {
    this.count += 1;
    return `${begin}-${String(this.count)}`;
  }

  /** The id that a reference stands for, and that of what it is in. Of what there is not, one that could be. */
  resolve(ref: Ref, project: string | undefined, parent?: string): Pick<Thing, 'id' | 'parent'> {
    const { $ref, whose, at } = ref;
    const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(at * items.length)];
    if (whose === 'garbage') return { id: pick(GARBAGE) ?? '', parent };
    const pool = this.pools.get(poolOf($ref)) ?? this.pools.get(wider($ref));
    const things = [...(pool?.values() ?? [])].reverse();
    // who has no project, as a host, may be about anybody's things
    const isOwn = ({ seenBy }: Thing): boolean => seenBy.size === 0 || project === undefined || seenBy.has(project);
    const fits = (thing: Thing): boolean => {
      if (parent !== undefined && thing.parent !== undefined && thing.parent !== parent) return false;
      if (whose === 'gone') return thing.gone;
      return !thing.gone && (whose === 'own' ? isOwn(thing) : whose === 'other' && !isOwn(thing));
    };
    return pick(things.filter(fits)) ?? { id: unknownId(things[0]?.id, at), parent };
  }
}

/** An id as those of a collection look like, which nothing has. */
export function unknownId(like: string | undefined, at: number): string {
  const digits = Math.floor(at * 1e8)
    .toString(16)
    .padStart(8, '0');
  if (like !== undefined && /^\d+$/.test(like)) return String(900_000 + Math.floor(at * 1000));
  if (like !== undefined && /^[0-9a-f]{32}$/.test(like)) return `${digits}0000400080000000000000ee`;
  return `${digits}-0000-4000-8000-0000000000ee`;
}

function idsIn(part: unknown): readonly string[] {
  if (typeof part === 'string') return [part];
  if (Array.isArray(part)) return part.flatMap((item: unknown) => idsIn(item));
  if (typeof part !== 'object' || part === null) return [];
  const values = (keys: readonly string[]): readonly string[] =>
    keys
      .flatMap((key): unknown => (Object.hasOwn(part, key) ? Reflect.get(part, key) : []))
      .filter(isScalar)
      .map(String);
  const [id] = values(ID_KEYS);
  if (id !== undefined) return [id, ...values(SECOND_KEYS)];
  const inner = Object.values(part);
  // a list of `{"keypair": {…}}`, or a map whose keys are the things
  return inner.length === 1 && typeof inner[0] === 'object' && !Array.isArray(inner[0])
    ? idsIn(inner[0])
    : Object.keys(part);
}
