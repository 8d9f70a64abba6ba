import { streamRef } from '@cairn/domain';
import { createHmac } from 'node:crypto';

import { systemRandom } from '../random';
import { CommandExecutor } from '../runtime/execute';
import { Snapshots } from '../runtime/snapshots';
import { ControllerLab } from '../runtime/testing/controller-lab';
import { idOf } from '../runtime/testing/fixtures';
import type { CertificateAuthority } from './authority';
import { hostCredentials } from './credentials';
import { Enrolments } from './enrolments';
import type { RedisAccess } from './redis-access';
import type { StoreAccess } from './store-access';

const HOST_ID = idOf('host');
const ENROLMENT = streamRef('enrolment', HOST_ID);

/** A service that lets hosts in; notes it in `users`, and lets something else happen before that. */
class Gate {
  password: string | undefined;
  before: () => Promise<unknown> = () => Promise.resolve();

  constructor(private readonly secret: 'storePassword' | 'redisPassword') {}

  async admit(_hostId: string, credentials: ReturnType<typeof hostCredentials>, replacing = true): Promise<void> {
    const before = this.before;
    this.before = () => Promise.resolve();
    await before();
    if (replacing || this.password === undefined) this.password = credentials[this.secret];
  }

  async shutOut(): Promise<void> {
    await this.before();
    this.password = undefined;
  }
}

describe('enrolments', () => {
  const keyring = {
    mac: (purpose: string, data: string | Buffer) => createHmac('sha256', purpose).update(data).digest(),
  };
  let lab: ControllerLab;
  let store: Gate;
  let redis: Gate;
  /** Of two processes with one log, as the controller and the operator's CLI are. */
  let controller: Enrolments;
  let cli: Enrolments;

  const enrolments = (executor: CommandExecutor): Enrolments =>
    new Enrolments({
      executor,
      keyring,
      authority: {} as CertificateAuthority,
      store: store as unknown as StoreAccess,
      redis: redis as unknown as RedisAccess,
      clock: lab.clock,
      random: systemRandom,
    });

  const joined = async (n: number): Promise<ReturnType<typeof hostCredentials>> => {
    const [enrolmentId, tokenHash] = [idOf('enrolment', n), `hash-${String(n)}`];
    const token = { hostId: HOST_ID, name: 'second', enrolmentId, tokenHash, expiresAt: '2100-01-01T00:00:00.000Z' };
    await lab.execute(ENROLMENT, { type: 'IssueToken', data: token });
    await lab.execute(ENROLMENT, { type: 'JoinHost', data: { tokenHash, certificate: 'fingerprint' } });
    return hostCredentials(keyring, { hostId: HOST_ID, enrolmentId });
  };

  beforeEach(() => {
    lab = new ControllerLab();
    store = new Gate('storePassword');
    redis = new Gate('redisPassword');
    const other = { store: lab.store, clock: lab.clock, commandHash: (canonical: string) => canonical };
    controller = enrolments(lab.executor);
    cli = enrolments(new CommandExecutor({ ...other, snapshots: new Snapshots(lab.store, () => undefined) }));
  });

  it('let members in, and again when store and Redis have forgotten them', async () => {
    const { storePassword, redisPassword } = await joined(1);
    await controller.admitAll([HOST_ID, idOf('a host of this machine')]);
    expect([store.password, redis.password]).toEqual([storePassword, redisPassword]);
  });

  it.each(['store', 'redis'] as const)('leave nobody in who is revoked while it is let into the %s', async (which) => {
    await joined(1);
    ({ store, redis })[which].before = () => cli.revoke(HOST_ID);
    await controller.admitAll([HOST_ID]);
    expect([store.password, redis.password]).toEqual([undefined, undefined]);
  });

  it('give a host that joins again meanwhile the newest secrets', async () => {
    await joined(1);
    let now: ReturnType<typeof hostCredentials> | undefined;
    redis.before = async () => (now = await joined(2));
    await controller.admitAll([HOST_ID]);
    expect([store.password, redis.password]).toEqual([now?.storePassword, now?.redisPassword]);
  });

  it('end later what a revocation could not end', async () => {
    await joined(1);
    await controller.admitAll([HOST_ID]);
    store.before = () => Promise.reject(new Error('the store is away'));
    await expect(cli.revoke(HOST_ID)).rejects.toThrow('away');
    expect(redis.password).toBeDefined();
    store.before = () => Promise.resolve();
    await controller.admitAll([HOST_ID]);
    expect([store.password, redis.password]).toEqual([undefined, undefined]);
  });
});
