import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Redis from 'ioredis';
import { hostQueue, livenessKey, REDIS_PREFIX } from '@cairn/host-protocol';
import { noted } from '../../apps/eventstore/src/testing/client';
import { endingOf, type StoreCaller } from '../../apps/eventstore/src/testing/store-caller';
import { makeCertificates } from '../support/certificates';
import { describeWhere } from '../support/describe-where';
import { Cloud, eventually } from './cloud';
import { expectConsoles } from './consoles';
import { HostCallers, NO_REACH } from './host-callers';
import { outside } from './outside-address';
import { reachFor, redisEnding, rule, ruleByScript } from './redis-tries';
import { all, endings, type HostHoldings, SecondMachine, statusOf, together } from './second-machine';

const LAUNCH = ['server', 'create', '--image', 'cirros', '--flavor', 'm1.tiny', '--wait'] as const;

/** Where the cloud has its log, and who administers that. */
export interface LogOfCloud {
  readonly title: string;
  /** Why that cannot be tried here. */
  readonly missing: string | undefined;
  readonly firstPort: number;
  settings(): Readonly<Record<string, string>>;
  admin(cloud: Cloud): { readonly login: string; readonly password: string };
  /** How operations on the server itself end for a host. */
  readonly operations: 'denied' | 'not there';
  /** How questions for all users and for the administrator end for it. */
  readonly listsOfUsers: readonly unknown[];
}

/** One joins and works, and an intruder on it gets no more than that host. */
export const testSecondHost = (log: LogOfCloud): void => {
  const { firstPort } = log;
  describeWhere(log.missing, log.title, () => {
    const HOSTS_URL = `https://${outside.address}:${String(firstPort + 7)}`;
    const AN_IMAGE = `${HOSTS_URL}/v1/images/00000000-0000-4000-8000-000000000000`;
    const where = { firstPort, cidr: '10.62.0.0/24', bridge: 'brsec', hostsAddress: outside.address };
    const cloud = new Cloud({ ...where, simulated: 1, settings: log.settings() });
    const machine = new SecondMachine();
    let token = '';
    let held: HostHoldings;
    const callers = new HostCallers(() => held);
    let redis: Redis;

    const enroll = async (name: string): Promise<string> => {
      const { stdout } = await cloud.cairn('host', 'enroll', name);
      expect(stdout).toContain(`./cairn host join ${HOSTS_URL}\n`);
      return stdout.trim().split('\n').at(-1)?.trim() ?? '';
    };
    const { storeCaller, connect } = callers;
    const asHost = () => ({ username: held.config.redisUser, password: held.redisPassword });
    const asAdmin = () => ({ password: cloud.password('redis') });
    const certified = () => ({ ca: held.authority, cert: held.certificate, key: held.key });
    const state = async (): Promise<unknown> => {
      const services = await cloud.openstack<Record<string, unknown>[]>(['compute', 'service', 'list']);
      return services.find(({ Host }) => Host === 'second')?.['State'];
    };
    const listed = async (): Promise<string> => (await cloud.cairn('host', 'list')).stdout;

    beforeAll(async () => {
      await outside.add();
      await cloud.up();
      const image = cloud.file('image.raw', Buffer.alloc(1024 * 1024, 'an image\n'));
      await cloud.openstack(['image', 'create', '--disk-format', 'raw', '--public', '--file', image, 'cirros']);
    });
    afterAll(async () => {
      await callers.close();
      await machine.destroy();
      await cloud.destroy();
      await outside.remove();
    });

    describe('joins', () => {
      it('by a token, and by no other', async () => {
        token = await enroll('second');
        expect(await listed()).toMatch(/^sim-1 .* on this machine\nsecond .* down +may join until /);
        const [hostId = '', secret = '', authority = ''] = token.split('.');
        const wrong = [hostId, secret.replace(/./g, (digit) => (digit === '0' ? '1' : '0')), authority].join('.');
        expect((await machine.join(HOSTS_URL, wrong)).stderr).toMatch(/refused \(403\)/);
        const pinned = [hostId, secret, '0'.repeat(64)].join('.');
        expect((await machine.join(HOSTS_URL, pinned)).stderr).toMatch(/is not the cloud that the token is from/);
        const joined = await machine.join(HOSTS_URL, token);
        expect(joined.stdout).toContain('joined as second\n');
        held = machine.holdings();
      });

      it('once a token', async () => {
        expect((await machine.join(HOSTS_URL, token)).stderr).toMatch(/refused \(403\)/);
        expect(machine.holdings()).toEqual(held);
      });

      it('and is a host like the others', async () => {
        await machine.up();
        await eventually(state, (now) => now === 'up');
        const hypervisors = await cloud.openstack<Record<string, unknown>[]>(['hypervisor', 'list']);
        expect(hypervisors).toContainEqual(expect.objectContaining({ 'Hypervisor Hostname': 'second', State: 'up' }));
        expect(await listed()).toMatch(/second .* up +enrolled\n/);
      });

      it('and runs servers', async () => {
        const made = await cloud.openstack([...LAUNCH, '--availability-zone', 'nova:second', 'there']);
        expect(made).toMatchObject({ status: 'ACTIVE', 'OS-EXT-SRV-ATTR:host': 'second' });
        await expectConsoles(cloud, 'there');
        await cloud.does(['server', 'delete', '--wait', 'there']);
        // One that stays, so that there are streams, keys and an image of another host to reach for.
        await cloud.openstack([...LAUNCH, '--availability-zone', 'nova:sim-1', 'elsewhere']);
        expect(await cloud.openstack<unknown[]>(['server', 'list'])).toMatchObject([{ Name: 'elsewhere' }]);
      });
    });

    describe('may do in the store', () => {
      let store: StoreCaller;
      beforeAll(() => {
        store = storeCaller();
      });

      it('read its own stream, append to it, and nothing else with it', async () => {
        const own = `agent-${held.hostId}`;
        const before = (await store.read(own)).length;
        expect(before).toBeGreaterThan(0);
        await store.client.appendToStream(own, noted(1));
        expect(await store.read(own)).toHaveLength(before + 1);
        await store.subscribe(own);
        const beyond = { ...store.beyondAppending(own), ...store.beyondAppending(`$$${own}`) };
        expect(await endings(beyond, endingOf)).toEqual(all(beyond, 'denied'));
      });

      it('nothing with any other stream of the log', async () => {
        const administrator = storeCaller(log.admin(cloud));
        const there = (await administrator.streams()).filter((stream) => stream !== `agent-${held.hostId}`);
        const kinds = ['agent-', 'host-', 'instance-', 'image-', 'enrolment-', '$settings', '$user-admin'];
        for (const kind of kinds) expect(there.some((stream) => stream.startsWith(kind))).toBe(true);
        // Streams that nobody has written yet, and those of the store itself.
        const more = [
          'fresh-1',
          'agent-',
          `agent-${held.hostId}-2`,
          'quota-1',
          '$users',
          '$scavenges',
          '$streams',
          '$stats',
        ];
        const tries = together([...there, ...more].map((stream) => store.everythingWith(stream)));
        expect(await endings(tries, endingOf)).toEqual(all(tries, 'denied'));
        const everything = { 'read all': () => store.streams(), 'subscribe to all': () => store.subscribe('$all') };
        expect(await endings(everything, endingOf)).toEqual(all(everything, 'denied'));
      });

      it('nothing with its users or with the server', async () => {
        const tries = { ...store.administration('admin'), ...store.administration(held.login) };
        const { 'list all users': _, ...others } = tries;
        expect(await endings(others, endingOf)).toEqual(all(others, 'denied'));
        const lists = { all: () => store.details(''), one: () => store.details('admin') };
        expect(Object.values(await endings(lists, endingOf))).toEqual(log.listsOfUsers);
        const operations = store.operationsOfClusters();
        expect(await endings(operations, endingOf)).toEqual(all(operations, log.operations));
        expect(await store.details(held.login)).toBe(1);
      });
    });

    describe('may do in Redis', () => {
      const own = (key: string): string => `${REDIS_PREFIX}:${hostQueue(held.hostId)}:${key}`;

      beforeAll(async () => {
        redis = await connect(asHost());
      });

      it('what its queue and its sign of life need', async () => {
        expect(await redis.get(livenessKey(held.hostId))).not.toBeNull();
        expect(await redis.eval("return redis.call('SET', KEYS[1], 'mine')", 1, own('x'))).toBe('OK');
        expect(await redis.get(own('x'))).toBe('mine');
        expect(await redis.del(own('x'))).toBe(1);
      });

      it('nothing with any other key', async () => {
        const isOwn = (key: string): boolean => key.startsWith(own('')) || key === livenessKey(held.hostId);
        const others = (await (await connect(asAdmin())).keys('*')).filter((key) => !isOwn(key));
        expect(others).toContainEqual(expect.stringMatching(/^cairn:alive:/));
        expect(others).toContainEqual(expect.stringMatching(/^cairn:host-/));
        await redis.set(own('x'), 'mine');
        const keys = [
          ...others,
          'x',
          `${REDIS_PREFIX}:${hostQueue('another')}:wait`,
          livenessKey('another'),
          'cairn:*',
        ];
        const tries = together(keys.map((key) => reachFor(redis, key, own)));
        expect(await endings(tries, redisEnding)).toEqual(all(tries, 'NOPERM'));
        expect(await redis.del(own('x'))).toBe(1);
      });

      it('nothing with Redis itself, also from a script', async () => {
        const tries = { ...rule(redis), ...ruleByScript(redis) };
        expect(await endings(tries, redisEnding)).toEqual(all(tries, 'NOPERM'));
      });
    });

    describe('is told from strangers', () => {
      it('by TLS everywhere: nothing answers in clear', async () => {
        const plainStore = storeCaller({}, held.storeUrl.replace('tls=true', 'tls=false'));
        await expect(plainStore.read(`agent-${held.hostId}`)).rejects.toThrow();
        await expect(connect({}, { url: held.config.redisUrl.replace('rediss', 'redis') })).rejects.toThrow(/closed/);
        await expect(fetch(AN_IMAGE.replace('https', 'http'))).rejects.toThrow();
      });

      it('by who it says it is', async () => {
        await expect(connect({})).rejects.toThrow(/NOAUTH/);
        const wrong = storeCaller({ password: held.redisPassword });
        await expect(wrong.read(`agent-${held.hostId}`).catch(endingOf)).resolves.toBe('denied');
      });

      it('at the controller by a certificate of its own, with its token', async () => {
        // 404: there is no such image for it, which only a host is told.
        expect(await statusOf(AN_IMAGE, held, certified())).toBe(404);
        const { caFile, certificateFile, keyFile } = makeCertificates(machine.state, [outside.address]);
        const stranger = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
        expect([-1, 401]).toContain(await statusOf(AN_IMAGE, held, { ...stranger, ca: held.authority }));
        expect(await statusOf(AN_IMAGE, held, { ca: held.authority })).toBe(401);
        expect(await statusOf(AN_IMAGE, { ...held, token: '0'.repeat(64) }, certified())).toBe(401);
        const other = readFileSync(join(cloud.state, 'hosts'), 'utf8').split(' ')[0] ?? '';
        expect(await statusOf(AN_IMAGE, { ...held, hostId: other }, certified())).toBe(401);
        // And the host believes nobody else to be the cloud.
        await expect(connect({}, { ca: [readFileSync(caFile, 'utf8')] })).rejects.toThrow(/closed/);
        await expect(storeCaller({ caFile }).read(`agent-${held.hostId}`)).rejects.toThrow();
        expect(await statusOf(AN_IMAGE, held, { ...certified(), ca: readFileSync(caFile) })).toBe(-1);
        expect(
          (
            await fetch(`${cloud.url('metadata')}/v1/images/x`, {
              headers: { authorization: `Bearer ${held.token}`, 'x-cairn-host': held.hostId },
            })
          ).status,
        ).toBe(401);
      });
    });

    it('gets in again when Redis has forgotten it', async () => {
      const ended = new Promise((done) => redis.once('close', done));
      process.kill(cloud.pid('redis') ?? 0, 'SIGKILL');
      await ended;
      redis = await eventually(
        () => connect(asHost()).catch(() => undefined),
        (connection) => connection !== undefined,
      ).then((connection) => connection ?? redis);
      expect(await redis.ping()).toBe('PONG');
      await cloud.openstack([...LAUNCH, '--availability-zone', 'nova:second', 'after']);
      await cloud.does(['server', 'delete', '--wait', 'after']);
    });

    describe('that is shut out', () => {
      /** A caller with a call for appends that is open when the host is shut out. */
      let open: StoreCaller;
      const appendBy = async ({ client }: StoreCaller): Promise<string> => {
        const { append } = await endings(
          { append: () => client.appendToStream(`agent-${held.hostId}`, noted(1)) },
          endingOf,
        );
        return append ?? '';
      };

      it('has nothing left at once, not even what it had open [runbook host-compromised]', async () => {
        const own = `agent-${held.hostId}`;
        const redisEnded = new Promise((done) => redis.once('close', done));
        open = storeCaller();
        await open.client.appendToStream(own, noted(1));
        let followed: Promise<string> = Promise.resolve('');
        await new Promise<void>((begun) => {
          followed = storeCaller().follow(own, begun);
        });
        const revoked = await cloud.cairn('host', 'revoke', 'second');
        expect(await statusOf(AN_IMAGE, held, certified())).toBe(401);
        expect(revoked.stdout).toMatch(/may do nothing any more/);
        expect(await appendBy(open)).toBe('denied');
        expect(await callers.reachOf(held)).toEqual(NO_REACH);
        expect(await followed).toBe('denied');
        await redisEnded;
        expect(await listed()).toMatch(/second .* revoked\n/);
      });

      it('is seen to be gone, and can join again, but not with its former secrets [runbook host-compromised]', async () => {
        await eventually(state, (now) => now === 'down', { withinMs: 120_000 });
        await machine.down();
        const unused = await enroll('second');
        await cloud.cairn('host', 'revoke', 'second');
        expect((await machine.join(HOSTS_URL, unused)).stderr).toMatch(/refused \(403\)/);
        expect((await machine.join(HOSTS_URL, await enroll('second'))).stdout).toContain('joined as second\n');
        await machine.up();
        await eventually(state, (now) => now === 'up');
        expect(machine.holdings().hostId).toBe(held.hostId);
        expect(await callers.reachOf(held)).toEqual(NO_REACH);
        expect(await appendBy(open)).toBe('denied');
        expect(await statusOf(AN_IMAGE, held, certified())).toBe(401);
        const { token: now } = machine.holdings();
        expect(await statusOf(AN_IMAGE, { ...held, token: now }, certified())).toBe(401);
      });
    });
  });
};
