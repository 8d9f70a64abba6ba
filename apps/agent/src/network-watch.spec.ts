import { type AgentEvent, agentEvent, MOST_DIFFERENCES } from '@cairn/host-protocol';

import { NetworkWatch, type NetworkState } from './network-watch';
import type { Finding } from './ports/host-network.port';
import { silentLog } from './ports/log.port';
import { eventually } from './testing/eventually';
import { ensureJob, HOST_ID, Lab } from './testing/harness';
import { VirtualClock } from './testing/virtual-clock';

const MINUTE_MS = 60_000;
const wrong = (n: number): Finding => ({
  topic: 'bridge',
  name: `br${String(n)}`,
  verdict: 'wrong',
  says: `No br${String(n)}.`,
});
const told = (n: number): object => ({ topic: 'bridge', name: `br${String(n)}`, says: `No br${String(n)}.` });

function watching() {
  const events: AgentEvent[] = [];
  const ids = new Set<string>();
  const states: NetworkState[] = [];
  const clock = new VirtualClock();
  const world = {
    wrong: [] as readonly Finding[],
    lasting: [] as readonly Finding[],
    mends: 0,
    /** When what is appended is in the log. */
    inLog: Promise.resolve(),
  };
  const right: Finding = { topic: 'rules', name: 'cairn', verdict: 'right', says: 'All is there.' };
  const watch = new NetworkWatch({
    bootId: 'b0070000-0000-4000-8000-000000000001',
    hostId: HOST_ID,
    network: {
      inspect: () => Promise.resolve([right, ...world.wrong, ...world.lasting]),
      mend: () => {
        world.mends += 1;
        world.wrong = [];
        return world.lasting.length > 0 ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    },
    append: (id, event) => {
      expect(agentEvent(event)).toEqual(event);
      ids.add(id);
      events.push(event);
      return world.inLog;
    },
    clock,
    log: silentLog,
    everyMs: 0,
    tell: (state) => {
      states.push(state);
      return Promise.resolve();
    },
  });
  const look = async (...found: readonly Finding[]): Promise<void> => {
    world.wrong = found;
    await watch.look();
  };
  return { watch, look, events, ids, states, clock, world };
}

describe('NetworkWatch', () => {
  it('mends what differs and tells it at once; nothing where nothing differs', async () => {
    const { look, events, states, world } = watching();
    await look();
    expect([events, world.mends]).toEqual([[], 0]);
    await look(wrong(1));
    expect(events).toMatchObject([
      { type: 'agent.network-differed.v1', data: { mended: [told(1)], left: [], more: 0 } },
    ]);
    expect(states.at(-1)).toMatchObject({ mended: 1, last: { says: 'No br1.' }, left: [] });
    await look();
    expect([events.length, world.mends]).toEqual([1, 1]);
  });

  it('tells at most once a minute, each difference once, and of many their number', async () => {
    const { watch, look, events, ids, clock } = watching();
    await look(wrong(0));
    for (let n = 1; n <= 30; n += 1) await look(wrong(n), wrong(1));
    expect(events).toHaveLength(1);
    await clock.sleep(MINUTE_MS);
    watch.note({ topic: 'process', name: 'dnsmasq', says: 'dnsmasq had died.' });
    await look();
    expect(events).toHaveLength(2);
    expect(events[1]?.data).toMatchObject({ left: [], more: 31 - MOST_DIFFERENCES });
    expect(ids.size).toBe(2);
  });

  it('mends also while the log cannot be reached, and tells the rest when it can', async () => {
    const { look, events, clock, world } = watching();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    world.inLog = promise.then(() => undefined);
    await look(wrong(1));
    await clock.sleep(MINUTE_MS);
    await look(wrong(2));
    expect([events.length, world.mends]).toEqual([1, 2]);
    resolve(undefined);
    await eventually('the next report', async () => {
      await look();
      return events[1];
    });
    expect(events[1]).toMatchObject({ data: { mended: [told(2)] } });
  });

  it('says what it cannot mend, once as long as it is the same, and when that is over', async () => {
    const { look, events, states, clock, world } = watching();
    world.lasting = [wrong(1)];
    await look(wrong(2));
    expect(events).toMatchObject([{ data: { mended: [told(2)], left: [told(1)] } }]);
    expect(states.at(-1)?.left).toEqual(['No br1.']);
    for (let n = 0; n < 3; n += 1) {
      await clock.sleep(MINUTE_MS);
      await look();
    }
    expect(events).toHaveLength(1);
    world.lasting = [];
    await look();
    expect(events[1]?.data).toMatchObject({ mended: [], left: [] });
    expect(states.at(-1)?.left).toEqual([]);
  });

  it('goes with the agent: what somebody did to a host is mended, and in the stream of its agent', async () => {
    const lab = new Lab();
    const agent = await lab.started();
    await agent.handle(ensureJob(1));
    lab.host.damage.set('br1', wrong(1));
    await agent.network.look();
    expect(lab.host.damage.size).toBe(0);
    const last = await eventually('the report', () =>
      lab.events().find(({ type }) => type.includes('network-differed')),
    );
    expect(lab.events().at(-1)).toEqual(last);
    expect(last).toMatchObject({ type: 'agent.network-differed.v1', data: { mended: [told(1)] } });
  });
});
