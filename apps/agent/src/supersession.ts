import { Superseded } from './jobs/job-context';

interface Seen {
  newest: number;
  /** Jobs of the instance that are waiting or running. */
  jobs: number;
  readonly watchers: Set<{ readonly generation: number; readonly reject: (error: Superseded) => void }>;
}

/** The newest generation of each instance among the jobs that are here now, finished or not. */
export class Supersession {
  private readonly instances = new Map<string, Seen>();

  /** A job has come: those of older generations learn that they are no longer wanted. */
  enter(instanceId: string, generation: number): void {
    const seen: Seen = this.instances.get(instanceId) ?? { newest: generation, jobs: 0, watchers: new Set() };
    this.instances.set(instanceId, seen);
    seen.jobs += 1;
    seen.newest = Math.max(seen.newest, generation);
    for (const watcher of seen.watchers) {
      if (watcher.generation < seen.newest) watcher.reject(new Superseded(seen.newest));
    }
  }

  leave(instanceId: string): void {
    const seen = this.instances.get(instanceId);
    if (seen === undefined) return;
    seen.jobs -= 1;
    if (seen.jobs === 0) this.instances.delete(instanceId);
  }

  newest(instanceId: string): number | undefined {
    return this.instances.get(instanceId)?.newest;
  }

  /** Gives `work` a promise that rejects with Superseded when a newer job comes while it runs, and stays pending else. */
  async watch<T>(instanceId: string, generation: number, work: (superseded: Promise<never>) => Promise<T>): Promise<T> {
    const watchers = this.instances.get(instanceId)?.watchers ?? new Set();
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
