import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { EventStoreDb, type RecordedEvent } from '@cairn/event-store';

import { Cloud } from '../../e2e/cloud';
import { FIRST_PORT } from '../bench-cloud';
import { type Figure, percentile } from '../figures';

const PORT = FIRST_PORT + 20;
const IMAGES = process.env['CAIRN_IMAGES'] ?? '/var/cache/cairn/guest-image';
/** The first launch fetches the image; only those behind it count. */
const LAUNCHES = 4;

/** Real guests on this machine: what Cairn adds before libvirt is called and after the guest runs, from the log. */
export async function real(): Promise<readonly Figure[]> {
  const disk = join(IMAGES, 'cairn-guest.qcow2');
  if (!existsSync(disk)) throw new Error(`there is no guest image: infra/guest-image/build.sh ${IMAGES}`);
  const cloud = new Cloud({ firstPort: PORT, cidr: '10.213.97.0/24', bridge: 'brbenchreal' });
  try {
    await cloud.up();
    const image = ['--disk-format', 'qcow2', '--container-format', 'bare', '--file', disk];
    await cloud.openstack(['image', 'create', ...image, 'guest']);
    const server = ['--image', 'guest', '--flavor', 'm1.tiny', '--wait'];
    for (let i = 0; i < LAUNCHES; i += 1) await cloud.openstack(['server', 'create', ...server, `real-${String(i)}`]);
    const spans = (await timelines(PORT + 4)).slice(1);
    const p50 = (of: (span: Span) => number): number => percentile(spans.map(of), 0.5);
    const common = { unit: 'ms', bar: 150, better: 'less' } as const;
    return [
      { what: 'real host: request to the libvirt call', value: p50(({ before }) => before), ...common },
      { what: 'real host: domain running to ACTIVE', value: p50(({ after }) => after), ...common },
    ];
  } finally {
    await cloud.destroy();
  }
}

interface Span {
  readonly before: number;
  readonly after: number;
}

interface Outcome {
  readonly resource?: { readonly id: string };
  readonly facts?: { readonly timings?: Readonly<Record<string, number>> };
}

/** Of each launch, in order: from the request to libvirt's call, and from its end to the event that makes it ACTIVE. */
async function timelines(port: number): Promise<readonly Span[]> {
  const store = EventStoreDb.connect(`esdb://127.0.0.1:${String(port)}?tls=false`);
  const ending = new AbortController();
  const events: RecordedEvent[] = [];
  try {
    for await (const message of store.subscribe(undefined, ending.signal)) {
      if (message.kind === 'event') events.push(message.event);
      if (message.kind === 'caught-up') break;
    }
  } finally {
    ending.abort();
    await store.close();
  }
  const at = ({ metadata }: RecordedEvent): number => Date.parse(String(metadata['at']));
  return events
    .filter(({ type }) => type === 'instance.launched.v1')
    .map((launched): Span => {
      const id = launched.stream.slice('instance-'.length);
      const requested = events.find(({ stream, type }) => stream === launched.stream && type.includes('requested'));
      const done = events.find(
        ({ type, data }) => type === 'agent.job-succeeded.v2' && (data as Outcome).resource?.id === id,
      );
      if (requested === undefined || done === undefined) throw new Error(`the log lacks a part of the launch of ${id}`);
      const start = (done.data as Outcome).facts?.timings?.['start'] ?? 0;
      return { before: at(done) - start - at(requested), after: at(launched) - at(done) };
    });
}
