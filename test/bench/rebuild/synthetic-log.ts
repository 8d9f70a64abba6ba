import { createHash } from 'node:crypto';
import { type NewEvent, type RecordedEvent, streamHash } from '@cairn/event-store';
import { history } from '../../../libs/projections/bench/history';

/** An append to one stream. */
export interface Entry {
  readonly stream: string;
  readonly event: NewEvent;
}

const SERVERS_A_COPY = 50;
const PROJECTS_A_COPY = 5;
const UUID = /[0-9a-f]{8}(?=-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})/g;

const ACTOR = {
  userId: '0dd4b9ff-6f4c-5f0e-9bd0-3f6a9b1f2c11',
  projectId: 'p',
  domainId: 'default',
  roles: ['member'],
};

/** Metadata as long as the controller's. */
const metadataOf = (at: unknown, id: string): NewEvent['metadata'] => ({
  commandId: id,
  commandHash: sha256(id),
  command: 'RecordSomething',
  $correlationId: id,
  $causationId: id,
  actor: ACTOR,
  api: 'compute',
  requestId: `req-${id}`,
  clientAddress: '127.0.0.1',
  at,
});

/** Chains events as the controller does. */
function chained(links: Map<string, string>, stream: string, bare: NewEvent): Entry {
  const link = streamHash(links.get(stream) ?? '', bare);
  links.set(stream, link);
  return { stream, event: { ...bare, metadata: { ...bare.metadata, streamHash: link } } };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The log of a cloud that grows: histories by the real deciders of servers that are launched, stopped, started and
 * deleted, again and again with other ids, and between them what hosts and registries write, as often as they do.
 */
export function* syntheticLog(events: number): Generator<Entry> {
  const template = history(SERVERS_A_COPY, PROJECTS_A_COPY).flatMap(withCompany);
  const enrolments = template.filter(({ stream, event }) => belongsToAll(stream, event.type));
  const copied = template.filter((entry) => !enrolments.includes(entry));
  const shared = new Set(enrolments.map(({ stream }) => uuidOf(stream)));
  const links = new Map<string, string>();
  let count = 0;
  for (const { stream, event } of enrolments) {
    count += 1;
    yield chained(links, stream, { ...event, metadata: metadataOf(event.metadata['at'], event.id) });
  }
  for (let copy = 1; ; copy += 1) {
    const renamed = (text: string): string =>
      text
        .replaceAll(UUID, (part) =>
          shared.has(part) ? part : ((parseInt(part, 16) ^ (copy * 0x9e3779b1)) >>> 0).toString(16).padStart(8, '0'),
        )
        .replaceAll('project-', `project-${String(copy % 100)}-`);
    for (const { stream, event } of copied) {
      if (count === events) return;
      count += 1;
      const { id, data } = JSON.parse(renamed(JSON.stringify({ id: event.id, data: event.data }))) as NewEvent;
      const metadata = metadataOf(event.metadata['at'], id);
      yield chained(links, renamed(stream), { id, type: event.type, data, metadata });
    }
  }
}

const uuidOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1).slice(0, 8);

const belongsToAll = (stream: string, type: string): boolean =>
  type === 'host.enrolled.v1' ||
  type === 'host.started.v1' ||
  /^(network\.created|flavor|project|user|image)/.test(type) ||
  stream.startsWith('quota-p');

/** What other writers append when this event happens: numbers from a registry, a host's result, the relay's place. */
function withCompany(recorded: RecordedEvent): readonly Entry[] {
  const { stream, id, type, data, metadata } = recorded;
  const own: Entry = { stream, event: { id, type, data, metadata } };
  const company = (of: string, kind: string, more: object): Entry => ({
    stream: of,
    event: {
      id: id.replace(/^.{8}/, kind.length.toString(16).padStart(8, 'a')),
      type: kind,
      data: { ...more },
      metadata,
    },
  });
  switch (type) {
    case 'instance.launch-requested.v1':
      return [company('registry-instance', 'registry.numbers-allocated.v1', { claimId: id, numbers: [1, 2] }), own];
    case 'instance.launched.v1':
    case 'instance.stopped.v1':
    case 'instance.started.v1':
    case 'instance.deleted.v1':
      return [
        company('agent-h1', 'agent.job-succeeded.v1', {
          jobId: id,
          effectId: id,
          facts: data,
          generation: 1,
          host: id,
        }),
        company('relay-h1', 'relay.advanced.v1', { revision: 1 }),
        own,
      ];
    default:
      return [own];
  }
}
