import type { Upcaster, Upcasters } from './upcaster';

interface AboutInstance {
  readonly instanceId?: unknown;
}

/** Until 0.1 every job was about an instance. */
const aboutResource =
  (type: string): Upcaster =>
  ({ instanceId, ...rest }: AboutInstance) => ({
    type,
    data: { ...rest, resource: { category: 'instance', id: instanceId } },
  });

/** Events of the agents' own streams. They come from hosts, and are checked after they were upcast, not before. */
export const agent: Upcasters = {
  'agent.job-succeeded.v1': aboutResource('agent.job-succeeded.v2'),
  'agent.job-failed.v1': aboutResource('agent.job-failed.v2'),
  'agent.job-superseded.v1': aboutResource('agent.job-superseded.v2'),
};
