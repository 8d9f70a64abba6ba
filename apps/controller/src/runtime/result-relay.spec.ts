import { streamRef } from '@cairn/domain';
import { type AgentEvent, agentStream, type HostJob, resultEventId, startedEventId } from '@cairn/host-protocol';

import { BOOT, ControllerLab, HOST, INSTANCE } from './testing/controller-lab';
import { inventoryOf } from '../../../../libs/domain/src/testing/model';
import { idOf } from './testing/fixtures';
import { drained } from './testing/manual-clock';
import { launching, rejected, relay, report, succeeded } from './testing/reports';

const STREAM = `instance-${INSTANCE.id}`;

const vmState = async (lab: ControllerLab): Promise<string> => (await lab.executor.state(INSTANCE)).vmState;
describe('the relay of results', () => {
  it('is asked for nothing by streams that are not an agent’s', async () => {
    const { lab } = await launching();
    for (const event of lab.store.log.all()) expect(lab.relay.handle(event)).toBeUndefined();
  });

  it('accepts a result that its host owes', async () => {
    const { lab, job } = await launching();
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    expect(await vmState(lab)).toBe('active');
    expect(rejected(lab)).toEqual([]);
  });

  it('accepts a failure, and says nothing more when it is repeated', async () => {
    const { lab, job } = await launching();
    const { effectId, resource, generation } = job;
    const data = {
      effectId,
      resource,
      generation,
      bootId: BOOT,
      code: 'image.unusable',
      message: 'bad',
      permanent: true,
    };
    const failed = { type: 'agent.job-failed.v2', data } as AgentEvent;
    await relay(lab, await report(lab, failed, resultEventId(effectId)));
    expect(await vmState(lab)).toBe('error');
    const events = lab.store.types(STREAM).length;
    await relay(lab, await report(lab, failed, resultEventId(effectId)));
    expect(lab.store.types(STREAM)).toHaveLength(events);
    expect(rejected(lab)).toEqual([]);
  });

  it('keeps as evidence what another host reports, and changes nothing', async () => {
    const { lab, job } = await launching();
    const other = streamRef('host', idOf('other host'));
    const data = { hostId: other.id, name: 'host-2', number: 2, availabilityZone: 'nova' };
    await lab.execute(other, { type: 'EnrolHost', data });
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId), other.id));
    expect(await vmState(lab)).toBe('building');
    const [evidence] = lab.store.of(`host-${other.id}`).filter(({ type }) => type === 'host.result-rejected.v2');
    expect(evidence?.data).toMatchObject({
      effectId: job.effectId,
      reason: expect.stringContaining(HOST.id) as string,
    });
  });

  it('keeps as evidence a result of another generation', async () => {
    const { lab, job } = await launching();
    await relay(lab, await report(lab, succeeded(job, { generation: 7 }), resultEventId(job.effectId)));
    expect(await vmState(lab)).toBe('building');
    expect(rejected(lab)).toMatchObject([{ generation: 7, reason: expect.stringContaining('generation 1') as string }]);
  });

  it('lets a server follow its guest, by the word of its own host alone', async () => {
    const { lab, job } = await launching();
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    const { resource, generation } = job;
    const data = {
      hostId: HOST.id,
      bootId: BOOT,
      resource,
      generation,
      power: 'stopped',
      cause: 'It shut down.',
    } as const;
    const off = (id: string): [ControllerLab, AgentEvent, string] => [
      lab,
      { type: 'agent.power-changed.v1', data },
      idOf(id),
    ];
    await relay(lab, await report(...off('one'), idOf('other host')));
    expect(lab.store.types(STREAM)).not.toContain('instance.guest-went-off.v1');
    await relay(lab, await report(...off('two')));
    await relay(lab, await report(...off('three')));
    expect(lab.store.types(STREAM).filter((type) => type === 'instance.guest-went-off.v1')).toHaveLength(1);
    expect(lab.store.of(STREAM).at(-1)?.data).toMatchObject({ cause: 'It shut down.' });
  });

  it('keeps as evidence a result that nobody waits for any more', async () => {
    const { lab, job } = await launching();
    await lab.execute(INSTANCE, { type: 'DeleteInstance', data: {} });
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    expect(rejected(lab)).toMatchObject([{ effectId: job.effectId, reason: 'no such effect is outstanding' }]);
  });

  it('keeps as evidence a result that a deletion overtakes at the last moment', async () => {
    const { lab, job } = await launching();
    const event = await report(lab, succeeded(job), resultEventId(job.effectId));
    const deleted = lab.execute(INSTANCE, { type: 'DeleteInstance', data: {} });
    await relay(lab, event);
    await deleted;
    expect(lab.store.types(STREAM)).not.toContain('instance.launched.v1');
    expect(rejected(lab)).toHaveLength(1);
  });

  it('does not trust an agent about hosts that are not enrolled', async () => {
    const lab = new ControllerLab();
    const data = { hostId: HOST.id, bootId: BOOT, inventory: inventoryOf() };
    await relay(lab, await report(lab, { type: 'agent.started.v1', data }, startedEventId(BOOT)));
    expect(lab.store.types(`host-${HOST.id}`)).toEqual([]);
  });

  it.each([
    ['no facts', { facts: undefined }],
    ['a power state that there is not', { facts: { power: 'on', timings: {} } }],
    ['timings that are no numbers', { facts: { power: 'running', timings: { start: 'soon' } } }],
    ['an id that is none', { resource: streamRef('instance', 'x') }],
    ['a resource that has no host', { resource: streamRef('user', INSTANCE.id) }],
    ['no effect', { effectId: undefined }],
  ])('passes over a result with %s, and takes the right one after it', async (_what, over) => {
    const { lab, job } = await launching();
    const right = succeeded(job);
    const wrong = { ...right, data: { ...right.data, ...over } } as unknown as AgentEvent;
    await relay(lab, await report(lab, wrong, resultEventId('wrong')));
    expect(await vmState(lab)).toBe('building');
    await relay(lab, await report(lab, right, resultEventId(job.effectId)));
    expect(await vmState(lab)).toBe('active');
  });

  it('takes nothing over from an agent that was not asked for', async () => {
    const { lab, job } = await launching();
    const facts = { power: 'running', timings: { start: 5 }, note: 'x'.repeat(100) };
    const event = { type: 'agent.job-succeeded.v2', data: { ...succeeded(job).data, facts } } as unknown as AgentEvent;
    await relay(lab, await report(lab, event, resultEventId(job.effectId)));
    const launched = lab.store.of(STREAM).find(({ type }) => type === 'instance.launched.v1');
    expect(launched?.data['facts']).toEqual({ power: 'running', timings: { start: 5 } });
  });

  it('tries again until what was away is back', async () => {
    const { lab, job } = await launching();
    const event = await report(lab, succeeded(job), resultEventId(job.effectId));
    const folded = jest.spyOn(lab.executor, 'folded').mockRejectedValueOnce(new Error('away'));
    const relayed = relay(lab, event);
    await lab.clock.pass(1_000);
    await relayed;
    expect(folded.mock.calls.length).toBeGreaterThan(1);
    expect(await vmState(lab)).toBe('active');
  });
});

describe('a start of an agent', () => {
  const started = (bootId: string): AgentEvent => ({
    type: 'agent.started.v1',
    data: { hostId: HOST.id, bootId, inventory: inventoryOf() },
  });

  it('is told to the host once', async () => {
    const { lab } = await launching();
    const boot = idOf('second boot');
    for (const event of [started(boot), started(boot)])
      await relay(lab, await report(lab, event, startedEventId(boot)));
    expect((await lab.executor.state(HOST)).bootId).toBe(boot);
    expect(lab.store.types(`host-${HOST.id}`).filter((type) => type === 'host.started.v1')).toHaveLength(2);
  });

  it('waits for the results before it, and those after it wait for it', async () => {
    const { lab, job } = await launching();
    const boot = idOf('second boot');
    const before = await report(lab, succeeded(job), resultEventId(job.effectId));
    const start = await report(lab, started(boot), startedEventId(boot));
    const folded = jest.spyOn(lab.executor, 'folded').mockRejectedValueOnce(new Error('away'));
    const work = [lab.relay.handle(before), lab.relay.handle(start)];
    await drained();
    expect((await lab.executor.state(HOST)).bootId).toBe(BOOT);
    await lab.clock.pass(1_000);
    for (const one of work) await one;
    folded.mockRestore();
    await lab.follow();
    expect(lab.store.types(STREAM).slice(-2)).toEqual(['instance.launched.v1', 'instance.host-restarted.v1']);
  });

  it('makes a guest run again whose success of an earlier boot is told only afterwards', async () => {
    const { lab, job } = await launching();
    const boot = idOf('second boot');
    await relay(lab, await report(lab, started(boot), startedEventId(boot)));
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    expect(lab.store.types(STREAM).slice(-2)).toEqual(['instance.launched.v1', 'instance.host-restarted.v1']);
    expect(lab.sent.at(-1)?.message).toMatchObject({ kind: 'ensure-instance', generation: 2 });
  });

  it('leaves such a guest off where the host is set not to start guests again', async () => {
    const { lab, job } = await launching();
    const boot = idOf('second boot');
    const inventory = { ...inventoryOf(), resumesGuests: false };
    const start: AgentEvent = { type: 'agent.started.v1', data: { hostId: HOST.id, bootId: boot, inventory } };
    await relay(lab, await report(lab, start, startedEventId(boot)));
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    expect(lab.sent.at(-1)?.message).toMatchObject({ kind: 'ensure-instance', payload: { leaveOff: true } });
  });
});

describe('a start that is not what an agent says at its start', () => {
  it.each([
    ['no inventory', { inventory: undefined }],
    ['an inventory without numbers', { inventory: { ...inventoryOf(), vcpus: 'many' } }],
    ['no processor', { inventory: { ...inventoryOf(), cpu: null } }],
    ['no boot', { bootId: '' }],
  ])('changes nothing: %s', async (_what, over) => {
    const { lab } = await launching();
    const data = { hostId: HOST.id, bootId: idOf('next boot'), inventory: inventoryOf(), ...over };
    const event = { type: 'agent.started.v1', data } as unknown as AgentEvent;
    await relay(lab, await report(lab, event, startedEventId('next')));
    expect(await lab.executor.state(HOST)).toMatchObject({ bootId: BOOT, inventory: inventoryOf() });
  });
});

describe('how far results are relayed', () => {
  const many = 70;

  async function relayMany(lab: ControllerLab, job: HostJob): Promise<void> {
    for (let i = 0; i < many; i += 1)
      await lab.relay.handle(await report(lab, succeeded(job), `${job.effectId}-${String(i)}`));
  }

  it('is saved after some, and what is below is not looked at again', async () => {
    const { lab, job } = await launching();
    await relayMany(lab, job);
    expect(lab.store.types(`relay-${HOST.id}`)).toHaveLength(1);
    const next = new ControllerLab(lab.store);
    const looked = jest.spyOn(next.executor, 'folded');
    for (const event of lab.store.of(agentStream(HOST.id))) await next.relay.handle(event);
    expect(looked.mock.calls.length).toBeGreaterThan(0);
    expect(looked.mock.calls.length).toBeLessThan(many - 60);
  });

  it('is saved after a minute as well', async () => {
    const { lab, job } = await launching();
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    const ended = new AbortController();
    const saving = lab.relay.keepSaving(ended.signal);
    await lab.clock.pass(60_000);
    expect(lab.store.of(`relay-${HOST.id}`).map(({ data }) => data)).toEqual([{ revision: '0' }]);
    ended.abort();
    await lab.clock.pass(1);
    await saving;
  });
});
