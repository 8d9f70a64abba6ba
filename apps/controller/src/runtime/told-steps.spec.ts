import { commandOf, taskState } from '@cairn/domain';
import { type AgentEvent, type HostJob, hostMessage, resultEventId } from '@cairn/host-protocol';

import { BOOT, INSTANCE } from './testing/controller-lab';
import { idOf } from './testing/fixtures';
import { launching, rejected, relay, report, succeeded } from './testing/reports';

const STREAM = `instance-${INSTANCE.id}`;

describe('what a host tells of a job before its outcome', () => {
  it('is shown, by the word of that host alone', async () => {
    const { lab, job } = await launching();
    await relay(lab, await report(lab, succeeded(job), resultEventId(job.effectId)));
    await lab.execute(INSTANCE, commandOf({ name: 'reboot', input: { rebootType: 'hard' } }, lab.clock.now()));
    await lab.follow();
    const reboot = hostMessage(lab.sent.at(-1)?.message) as HostJob<'reboot-instance'>;
    expect(reboot.tells).toEqual(['ready']);
    const { effectId, resource, generation } = reboot;
    const data = { effectId, resource, generation, bootId: BOOT, step: 'ready' } as const;
    const event: AgentEvent = { type: 'agent.job-progressed.v1', data };
    await relay(lab, await report(lab, event, idOf('told by another'), idOf('other host')));
    await relay(lab, await report(lab, { ...event, data: { ...data, generation: 7 } }, idOf('told of another time')));
    expect(lab.store.types(STREAM)).not.toContain('instance.operation-progressed.v1');
    for (const id of ['told', 'told again']) await relay(lab, await report(lab, event, idOf(id)));
    expect(taskState(await lab.executor.state(INSTANCE))).toBe('reboot_started_hard');
    expect(lab.store.types(STREAM).filter((type) => type === 'instance.operation-progressed.v1')).toHaveLength(1);
    expect(rejected(lab)).toEqual([]);
  });
});
