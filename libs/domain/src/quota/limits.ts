import { DomainError } from '../kernel/errors';
import { own } from '../kernel/own';
import type { QuotaCommand, QuotaEvent } from './messages';
import { type Amounts, limitOf, quotaResource } from './resources';
import { type Quota, userQuota } from './state';

interface Over {
  readonly name: string;
  readonly requested: number;
  readonly used: number;
  readonly limit: number;
}

/** Whether so much more of a resource is over a limit. */
function overOf(name: string, requested: number, limit: number, usage: Amounts): readonly Over[] {
  const used = own(usage, name) ?? 0;
  return limit >= 0 && used + requested > limit ? [{ name, requested, used, limit }] : [];
}

/**
 * The project's limit counts first, then the user's own, as in nova.
 * @throws DomainError in nova's words, which list the resources alphabetically.
 */
export function requireRoom(
  asked: Amounts,
  { overrides, usage, users }: Pick<Quota, 'overrides' | 'usage' | 'users'>,
  ofUsers: ReadonlyMap<string, Amounts>,
): void {
  const over = Object.entries(asked).flatMap(([name, requested]) => {
    if (!quotaResource(name).counted)
      throw new DomainError('invalid', 'quota.not-counted', `The quota of ${name} is not counted by project.`);
    const [first] = overOf(name, requested, limitOf(overrides, name), usage);
    return first === undefined ? overOfUsers(name, users, ofUsers) : [first];
  });
  if (over.length === 0) return;
  over.sort((a, b) => (a.name < b.name ? -1 : 1));
  const resources = over.map(({ name }) => name);
  const list = (which: 'requested' | 'used' | 'limit'): string => over.map((one) => String(one[which])).join(', ');
  throw new DomainError(
    'quota',
    'quota.exceeded',
    `Quota exceeded for ${resources.join(', ')}: Requested ${list('requested')}, ` +
      `but already used ${list('used')} of ${list('limit')} ${resources.join(', ')}`,
    { resources },
  );
}

function overOfUsers(name: string, users: Quota['users'], ofUsers: ReadonlyMap<string, Amounts>): readonly Over[] {
  return [...ofUsers]
    .flatMap(([userId, asked]) => {
      const { overrides, usage } = userQuota({ users }, userId);
      return overOf(name, own(asked, name) ?? 0, own(overrides, name) ?? -1, usage);
    })
    .slice(0, 1);
}

type LimitChange = Extract<QuotaCommand, { type: 'SetQuotaLimits' }>['data'];
type UserLimitChange = Extract<QuotaCommand, { type: 'SetUserQuotaLimits' }>['data'];

/** The sum of the limits that users have of a resource; one without an end gives nothing away. */
const givenAway = ({ users }: Quota, name: string, but?: string): number =>
  [...users.entries()].reduce(
    (sum, [userId, { overrides }]) => (userId === but ? sum : sum + Math.max(0, own(overrides, name) ?? 0)),
    0,
  );

const usedOf = (usage: Amounts, name: string): number => (quotaResource(name).counted ? (own(usage, name) ?? 0) : 0);

const changesOf = (overrides: Amounts, limits: LimitChange['limits']): LimitChange['limits'] =>
  Object.fromEntries(Object.entries(limits).filter(([name, limit]) => (own(overrides, name) ?? null) !== limit));

/** @throws DomainError `invalid` for a limit below the usage, or below what users were given. */
export function setLimits({ limits, force }: LimitChange, state: Quota): readonly QuotaEvent[] {
  for (const [name, limit] of Object.entries(limits)) {
    const least = Math.max(usedOf(state.usage, name), givenAway(state, name));
    if (!force && limit !== null && limit >= 0 && limit < least) throw belowUsage(name, limit, least);
  }
  const changed = changesOf(state.overrides, limits);
  return Object.keys(changed).length === 0 ? [] : [{ type: 'quota.limits-set.v2', data: { limits: changed } }];
}

/** @throws DomainError `invalid` for a limit below the user's usage, or beyond what the project has left for the user. */
export function setUserLimits(data: UserLimitChange, state: Quota): readonly QuotaEvent[] {
  const { userId, force, classLimits } = data;
  const { overrides, usage } = userQuota(state, userId);
  for (const [name, limit] of Object.entries(data.limits)) {
    const most = limitOf({ ...classLimits, ...state.overrides }, name);
    if (force || limit === null) continue;
    const [least, left] = [usedOf(usage, name), most - givenAway(state, name, userId)];
    if (limit >= 0 && limit < least) throw belowUsage(name, limit, least);
    if (most >= 0 && (limit < 0 || limit > left)) throw beyondProject(name, limit, left);
  }
  const limits = changesOf(overrides, data.limits);
  return Object.keys(limits).length === 0 ? [] : [{ type: 'quota.user-limits-set.v1', data: { userId, limits } }];
}

const belowUsage = (name: string, limit: number, least: number): DomainError =>
  new DomainError(
    'invalid',
    'quota.below-usage',
    `Quota limit ${String(limit)} for ${name} must be greater than or equal to already used and reserved ${String(least)}.`,
  );

const beyondProject = (name: string, limit: number, most: number): DomainError =>
  new DomainError(
    'invalid',
    'quota.beyond-project',
    `Quota limit ${String(limit)} for ${name} must be less than or equal to ${String(most)}.`,
  );
