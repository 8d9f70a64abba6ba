import { parseConfig } from '../../../config';
import { ReplyBroker } from '../../../runtime/replies';
import type { Authenticator, Principal } from '../../../identity/authenticator';
import { Directory } from '../../../identity/directory';
import type { Core } from '../core';
import { silentLog } from '../../../log';
import { Passwords } from '../../../passwords/passwords';
import { BUILT_IN_RULES, Enforcer, Rights, RuleSet } from '../../../policy';
import { systemRandom } from '../../../random';

const never = (what: string) => (): never => {
  throw new Error(`the test did not expect ${what} to be used`);
};

/** A core for tests of one service. A test passes the parts that it needs; using any other part throws. */
export function fakeCore(given: Partial<Core> = {}): Core {
  return {
    config: parseConfig({ stateDir: '/nonexistent', ports: { identity: 5000, compute: 0, image: 0, metadata: 0 } }),
    executor: { execute: never('the executor'), state: never('the executor'), latest: never('the executor') },
    audit: { refusedByPolicy: () => undefined },
    readModel: {
      read: never('the read model'),
      rowsWith: never('the read model'),
      isReady: () => true,
      waitFor: () => Promise.resolve(true),
      failure: undefined,
      position: undefined,
      close: () => Promise.resolve(),
    },
    keyring: {
      seal: never('the keyring'),
      open: never('the keyring'),
      mac: never('the keyring'),
      destroy: never('the keyring'),
    },
    authenticator: tokens({}),
    directory: new Directory({ state: never('the executor') }, { proven: () => undefined }),
    blobs: { put: never('the blobs'), read: never('the blobs') },
    passwords: new Passwords(systemRandom, { memoryKib: 64, passes: 1 }),
    policy: builtInPolicy(),
    clock: { now: () => new Date().toISOString(), sleep: never('the clock') },
    random: systemRandom,
    hostQueue: { add: never('the host queue') },
    liveness: { alive: never('liveness') },
    consoles: { open: never('consoles'), waitingFor: () => undefined },
    replies: new ReplyBroker({ add: never('the host queue') }, { now: never('the clock'), sleep: never('the clock') }),
    eventStore: { read: never('the event store') },
    log: silentLog,
    ...given,
  };
}

/** A principal of a project with the roles given. */
export const principalOf = (userId: string, projectId: string | null, ...roles: readonly string[]): Principal => ({
  actor: { userId, projectId, domainId: null, roles },
  userName: userId,
  userDomainId: 'default',
  projectName: projectId,
  token: {
    id: `${userId}-token`,
    methods: ['password'],
    issuedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2099-01-01T00:00:00.000Z',
    userEpoch: 0,
  },
});

/** What a user of project `p1` with these roles may do by the built-in rules. */
export const rightsOf = (...roles: readonly string[]): Rights =>
  new Rights(builtInPolicy(), { userId: 'u1', projectId: 'p1', domainId: 'default', roles });

const builtInPolicy = (): Enforcer => new Enforcer(RuleSet.of(BUILT_IN_RULES));

/** Knows a token for each key. */
export const tokens = (known: Readonly<Record<string, Principal>>): Authenticator => ({
  authenticate: (token) => Promise.resolve(Object.hasOwn(known, token) ? known[token] : undefined),
  issue: never('the authenticator’s issue'),
});
