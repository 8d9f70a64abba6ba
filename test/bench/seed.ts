import { parse } from 'uuid';

import type { NewEvent } from '@cairn/event-store';

import type { ProposedEvent } from '../../apps/eventstore/src/log/events';
import { EventLog } from '../../apps/eventstore/src/log/event-log';
import { History } from './history';

export interface Size {
  readonly servers: number;
  readonly projects: number;
  readonly events: number;
}

/** Commands that wait for their commit; more are not decided meanwhile. */
const MOST_WAITING = 4_000;

/**
 * Fills the directory of an event store that does not run with the past of a large cloud: so many servers that are
 * there, and as many events as it takes in launches, restarts and deletions.
 */
export async function seed(directory: string, { servers, projects, events }: Size): Promise<number> {
  const log = EventLog.open({ directory });
  let waiting = 0;
  let refused = '';
  const history = new History((stream, last, written) => {
    waiting += 1;
    const expected = last < 0 ? 'no-stream' : last;
    const command = { kind: 'append', stream, expected, events: written.map(proposed), deadlineMs: Infinity } as const;
    log.write(command, ({ kind }) => {
      waiting -= 1;
      if (kind !== 'done') refused = `${stream}: ${kind}`;
    });
  });
  const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  history.begin();
  for (let number = 0; number < servers || history.events < events; number += 1) {
    const project = `old-project-${String(number % projects)}`;
    history.server(number, project, number % 5, number >= servers);
    while (waiting > MOST_WAITING) await breathe();
    if (refused !== '') throw new Error(`the log did not take what was to be its past: ${refused}`);
  }
  history.close();
  while (waiting > 0) await breathe();
  log.close();
  return history.events;
}

const proposed = ({ id, type, data, metadata }: NewEvent): ProposedEvent => ({
  id: Buffer.from(parse(id)),
  type,
  json: true,
  data: Buffer.from(JSON.stringify(data)),
  metadata: Buffer.from(JSON.stringify(metadata)),
});
