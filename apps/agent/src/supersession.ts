import { streamName, type StreamRef } from '@cairn/domain';

import { Superseded } from './jobs/job-context';

interface Seen {
  newest: number;
  /** Jobs of the resource that are waiting or running. */
  jobs: number;
  readonly watchers: Set<{ readonly generation: number; readonly reject: (error: Superseded) => void }>;
}

/** The newest generation of each resource among the jobs that are here now, finished or not. */
export class Supersession {
  private readonly resources = new Map<string, Seen>();

  /** A job has come: those of older generations learn that they are no longer wanted. */
  enter(resource: StreamRef, generation: number): void {
    const seen: Seen = this.resources.get(streamName(resource)) ?? { newest: generation, jobs: 0, watchers: new Set() };
    this.resources.set(streamName(resource), seen);
    seen.jobs += 1;
    seen.newest = Math.max(seen.newest, generation);
    for (const watcher of seen.watchers) {
      if (watcher.generation < seen.newest) watcher.reject(new Superseded(seen.newest));
    }
  }

  leave(resource: StreamRef): void {
    const seen = this.resources.get(streamName(resource));
    if (seen === undefined) return;
    seen.jobs -= 1;
    if (seen.jobs === 0) this.resources.delete(streamName(resource));
  }

  newest(resource: StreamRef): number | undefined {
    return this.resources.get(streamName(resource))?.newest;
  }

  /** Gives `work` a promise that rejects with Superseded when a newer job comes while it runs, and stays pending else. */
  async watch<T>(
    resource: StreamRef,
    generation: number,
    work: (superseded: Promise<never>) => Promise<T>,
  ): Promise<T> {
    const watchers = this.resources.get(streamName(resource))?.watchers ?? new Set();
    let reject: (error: Superseded) => void = () => undefined;
    const superseded = new Promise<never>((_resolve, rejectIt) => {
      reject = rejectIt;
    });
    superseded.catch(() => undefined); // nobody may be waiting for it at that moment
    const watcher = { generation, reject };
    watchers.add(watcher);
    try {
      return await work(superseded);
    } finally {
      watchers.delete(watcher);
    }
  }
}
