import { DEMO } from '../e2e/cloud';
import { addressOf, GuestCloud, type Shown } from '../e2e/guest-cloud';
import { whyNoRealGuest } from '../e2e/real-guests';
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

/** The rounds of killed processes with guests that run, and a loss of power: nothing is left behind. */
describeWhere(whyNoRealGuest(), 'with real guests', () => {
  const cloud = new GuestCloud({ firstPort: 23_400, cidr: '10.213.34.0/24', bridge: BRIDGE });
  let untouched: Readonly<Record<string, readonly string[]>>;
  let image = '';

  beforeAll(async () => {
    untouched = await machineNow(cloud);
    image = await cloud.begin();
    await cloud.does(['quota', 'set', '--instances', '50', '--cores', '50', '--ram', '-1', 'demo']);
  });
  afterAll(() => cloud.destroy());

  const becomes = (name: string, status: string): Promise<Shown> => cloud.becomes(name, status, 240_000);

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
    const [runs, sleeps] = [addressOf(await cloud.launch('runs')), addressOf(await cloud.launch('sleeps'))];
    for (const address of [runs, sleeps])
      await cloud.inGuest(address, `echo ${address} > /root/kept && sync && echo ok`);
    await cloud.does(['server', 'stop', 'sleeps'], DEMO);
    await becomes('sleeps', 'SHUTOFF');

    await powerOff(cloud, BRIDGE);
    expect(processesOf(cloud)).toEqual([]);
    await cloud.up();

    expect(addressOf(await becomes('runs', 'ACTIVE'))).toBe(runs);
    await cloud.holds(runs, '/root/kept', runs);
    expect((await cloud.show('sleeps')).status).toBe('SHUTOFF');
    const [here] = await realHost(cloud);
    const running = [...(here?.host.domains ?? [])].filter(([, domain]) => domain.running).map(([id]) => id);
    expect(running).toEqual([(await cloud.show('runs')).id]);
    await cloud.does(['server', 'start', 'sleeps'], DEMO);
    expect(addressOf(await becomes('sleeps', 'ACTIVE'))).toBe(sleeps);
    await cloud.holds(sleeps, '/root/kept', sleeps);
    expect((await cloud.cairn('verify')).stdout).toMatch(/all chains hold/);
  }, 900_000);

  it('leaves nothing on the machine after `down`, with guests running', async () => {
    await cloud.down();
    expect(await machineNow(cloud)).toEqual(untouched);
  });
});
