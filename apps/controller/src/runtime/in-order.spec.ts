import { Barrier } from './barrier';
import { Lanes } from './lanes';
import { PositionTracker } from './position-tracker';
import { drained } from './testing/manual-clock';

/** Work that ends when the test says so, and notes when it begins. */
class Works {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();

  of(name: string): () => Promise<void> {
    return () => {
      this.begun.push(name);
      return new Promise((resolve, reject) => this.ends.set(name, { resolve, reject }));
    };
  }

  async end(name: string): Promise<void> {
    await drained(); // it begins in a turn of its own
    this.ends.get(name)?.resolve();
    await drained();
  }

  async fail(name: string): Promise<void> {
    await drained();
    this.ends.get(name)?.reject(new Error(name));
    await drained();
  }
}

const ignored = (): undefined => undefined;

describe('the position tracker', () => {
  const promise = (): { readonly done: Promise<void>; readonly end: () => void } => {
    let end: () => void = ignored;
    const done = new Promise<void>((resolve) => (end = resolve));
    return { done, end };
  };

  it('never goes beyond work that has not ended, in whatever order work ends', async () => {
    const tracker = new PositionTracker(10);
    const [a, b] = [promise(), promise()];
    tracker.begin(1n, undefined);
    tracker.begin(2n, a.done);
    tracker.begin(3n, b.done);
    tracker.begin(4n, undefined);
    b.end();
    await drained();
    expect([tracker.checkpoint, tracker.pending]).toEqual([1n, 3]);
    a.end();
    await drained();
    expect([tracker.checkpoint, tracker.pending]).toEqual([4n, 0]);
  });

  it('counts work that failed as ended: its stream is looked at again by other means', async () => {
    const tracker = new PositionTracker(10);
    tracker.begin(1n, Promise.reject(new Error('failed')));
    await drained();
    expect(tracker.checkpoint).toBe(1n);
  });

  it('has no checkpoint before the first work has ended', () => {
    const tracker = new PositionTracker(10);
    tracker.begin(1n, promise().done);
    expect(tracker.checkpoint).toBeUndefined();
  });

  it('makes a caller wait until there is room', async () => {
    const tracker = new PositionTracker(2);
    const [a, b] = [promise(), promise()];
    tracker.begin(1n, a.done);
    tracker.begin(2n, b.done);
    let room = false;
    void tracker.room().then(() => (room = true));
    await drained();
    expect(room).toBe(false);
    a.end();
    await drained();
    expect(room).toBe(true);
  });
});

describe('lanes', () => {
  it('do one piece of a key at a time, and keys side by side', async () => {
    const [lanes, works] = [new Lanes(8), new Works()];
    void lanes.run('a', works.of('a1'));
    void lanes.run('b', works.of('b1'));
    void lanes.run('a', works.of('a2'));
    await drained();
    expect(works.begun).toEqual(['a1', 'b1']);
    await works.end('a1');
    expect(works.begun).toEqual(['a1', 'b1', 'a2']);
  });

  it('join a request for a key that waits already', async () => {
    const [lanes, works] = [new Lanes(8), new Works()];
    void lanes.run('a', works.of('a1'));
    const second = lanes.run('a', works.of('a2'));
    expect(lanes.run('a', works.of('a3'))).toBe(second);
    await works.end('a1');
    await works.end('a2');
    expect(works.begun).toEqual(['a1', 'a2']);
    expect(lanes.busy).toBe(0);
  });

  it('go on after a failure', async () => {
    const [lanes, works] = [new Lanes(1), new Works()];
    const failed = expect(lanes.run('a', works.of('a1'))).rejects.toThrow('a1');
    void lanes.run('a', works.of('a2'));
    await works.fail('a1');
    await failed;
    expect(works.begun).toEqual(['a1', 'a2']);
  });

  it('are no more at once than they are wide', async () => {
    const [lanes, works] = [new Lanes(2), new Works()];
    for (const key of ['a', 'b', 'c', 'd']) void lanes.run(key, works.of(key));
    await drained();
    expect(works.begun).toEqual(['a', 'b']);
    await works.end('b');
    expect(works.begun).toEqual(['a', 'b', 'c']);
    await works.end('a');
    expect(works.begun).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the barrier', () => {
  it('does alone what is to be alone: after all before it, before all after it', async () => {
    const [barrier, works] = [new Barrier(), new Works()];
    for (const name of ['one', 'two']) void barrier.among(works.of(name));
    void barrier.alone(works.of('alone'));
    void barrier.among(works.of('three'));
    await drained();
    expect(works.begun).toEqual(['one', 'two']);
    await works.end('two');
    await works.end('one');
    expect(works.begun).toEqual(['one', 'two', 'alone']);
    await works.end('alone');
    expect(works.begun).toEqual(['one', 'two', 'alone', 'three']);
  });

  it('opens again after a failure', async () => {
    const [barrier, works] = [new Barrier(), new Works()];
    barrier.alone(works.of('alone')).catch(ignored);
    void barrier.among(works.of('after'));
    await drained();
    await works.fail('alone');
    expect(works.begun).toEqual(['alone', 'after']);
  });
});
