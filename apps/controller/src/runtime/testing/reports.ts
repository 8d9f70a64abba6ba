import type { RecordedEvent } from '@cairn/event-store';
import { type AgentEvent, agentStream, type HostJob } from '@cairn/host-protocol';

import { BOOT, ControllerLab, HOST } from './controller-lab';

/** Appends to an agent's stream, as the agent would. */
export async function report(
  lab: ControllerLab,
  event: AgentEvent,
  id: string,
  hostId = HOST.id,
): Promise<RecordedEvent> {
  const stream = agentStream(hostId);
  const last = await lab.store.last(stream);
  await lab.store.log.append(stream, last?.revision ?? 'no-stream', [
    { id, ...event, data: { ...event.data }, metadata: {} },
  ]);
  return lab.store.of(stream).at(-1) as RecordedEvent;
}

export const succeeded = (
  { effectId, resource, generation }: HostJob,
  over: Partial<{ generation: number; bootId: string }> = {},
): AgentEvent => ({
  type: 'agent.job-succeeded.v2',
  data: { effectId, resource, generation, bootId: BOOT, facts: { power: 'running', timings: {} }, ...over },
});

export async function relay(lab: ControllerLab, event: RecordedEvent): Promise<void> {
  await lab.relay.handle(event);
  await lab.follow();
}

/** A server whose host has its job. */
export async function launching(): Promise<{ readonly lab: ControllerLab; readonly job: HostJob }> {
  const lab = new ControllerLab();
  await lab.withHost();
  return { lab, job: await lab.withLaunch() };
}

/** The evidence of results that nobody was owed. */
export const rejected = (lab: ControllerLab): readonly unknown[] =>
  lab.store.of(`host-${HOST.id}`).flatMap(({ type, data }) => (type === 'host.result-rejected.v2' ? [data] : []));
