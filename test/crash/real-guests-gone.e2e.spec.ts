import { join } from 'node:path';

import { Cloud, DEMO, eventually } from '../e2e/cloud';
import { IMAGES, shellIn, whyNoRealGuest } from '../e2e/real-guests';
import { CHOICE } from '../rotation/choice';
import { chosen } from '../rotation/wholes';
import { describeWhere } from '../support/describe-where';

import { realHost } from './hosts';
import { powerOff } from './power-off';
import { report } from './report';
import { roundsOf } from './rounds';
import { machineNow, processesOf } from './traces';
import { Trial } from './trial';

const ROUNDS = chosen(CHOICE).realRounds;
const BRIDGE = 'brcrash4';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly addresses: Readonly<Record<string, readonly string[]>>;
}

/** The rounds of killed processes with guests that run, and a loss of power: nothing is left behind. */
describeWhere(whyNoRealGuest(), 'with real guests', () => {
  const cloud = new Cloud({ firstPort: 23_400, cidr: '10.213.34.0/24', bridge: BRIDGE });
  let untouched: Readonly<Record<string, readonly string[]>>;
  let image = '';
  let key = '';

  beforeAll(async () => {
    untouched = await machineNow(cloud);
    await cloud.up();
    const file = join(IMAGES, 'cairn-guest.qcow2');
    const create = ['image', 'create', '--disk-format', 'qcow2', '--file', file, 'guest'];
    image = (await cloud.openstack<{ id: string }>(create, DEMO)).id;
    key = cloud.file('key', await cloud.does(['keypair', 'create', 'key'], DEMO));
    await cloud.does(['quota', 'set', '--instances', '50', '--cores', '50', '--ram', '-1', 'demo']);
  }, 600_000);
  afterAll(() => cloud.destroy(), 300_000);

  const show = (name: string): Promise<Shown> => cloud.openstack<Shown>(['server', 'show', name], DEMO);
  const becomes = (name: string, status: string): Promise<Shown> =>
    eventually(
      () => show(name),
      (server) => server.status === status,
      { withinMs: 240_000 },
    );
  const addressOf = ({ addresses }: Shown): string => addresses['private']?.[0] ?? '';
  const inGuest = (address: string, command: string, good?: (out: string) => boolean): Promise<string> =>
    shellIn(cloud, key, address, command, good);
  const launch = (name: string): Promise<unknown> =>
    cloud.openstack(
      ['server', 'create', '--image', 'guest', '--flavor', 'm1.tiny', '--key-name', 'key', '--wait', name],
      DEMO,
    );

  it(`processes that are killed lose nothing that was promised, ${String(ROUNDS.length)} times`, async () => {
    const trial = await Trial.begin(cloud, {
      image,
      mix: { launches: 2, population: 5 },
      lastKill: 25,
      hosts: () => realHost(cloud),
      recoverWithinMs: 300_000,
      repeatBy: (seed) =>
        `CRASH_SEED=${seed} npx jest --selectProjects guests --testPathPatterns test/crash/real-guests`,
    });
    try {
      await trial.populate(4, 1);
      const { rounds, notCounted } = await roundsOf(trial, ROUNDS);
      process.stdout.write(`${report(rounds, notCounted)}\n`);
      await trial.judge.checkEnd();
      await trial.clear();
    } finally {
      await trial.end();
    }
  }, 1_800_000);

  it('a machine that loses power comes back as it was: guests, disks, addresses; what was stopped stays stopped [guide 46,146] [runbook host-down]', async () => {
    for (const name of ['runs', 'sleeps']) await launch(name);
    const [runs, sleeps] = [addressOf(await show('runs')), addressOf(await show('sleeps'))];
    for (const address of [runs, sleeps]) await inGuest(address, `echo ${address} > /root/kept && sync && echo ok`);
    await cloud.does(['server', 'stop', 'sleeps'], DEMO);
    await becomes('sleeps', 'SHUTOFF');

    await powerOff(cloud, BRIDGE);
    expect(processesOf(cloud)).toEqual([]);
    await cloud.up();

    expect(addressOf(await becomes('runs', 'ACTIVE'))).toBe(runs);
    await inGuest(runs, 'cat /root/kept', (out) => out.trim() === runs);
    expect((await show('sleeps')).status).toBe('SHUTOFF');
    const [here] = await realHost(cloud);
    const running = [...(here?.host.domains ?? [])].filter(([, domain]) => domain.running).map(([id]) => id);
    expect(running).toEqual([(await show('runs')).id]);
    await cloud.does(['server', 'start', 'sleeps'], DEMO);
    expect(addressOf(await becomes('sleeps', 'ACTIVE'))).toBe(sleeps);
    await inGuest(sleeps, 'cat /root/kept', (out) => out.trim() === sleeps);
    expect((await cloud.cairn('verify')).stdout).toMatch(/all chains hold/);
  }, 900_000);

  it('leaves nothing on the machine after `down`, with guests running', async () => {
    await cloud.down();
    expect(await machineNow(cloud)).toEqual(untouched);
  }, 300_000);
});
