import { aggregates, type AnyAggregate, type Category, DomainError, type Effect, type Message } from './index';
import { facts, uuid } from './testing/examples';
import { after } from './testing/given';
import { roundOf } from './testing/long-lives';

const COMMANDS = 100_000;
/** Far below what one append takes. */
const MOST_BYTES = 300_000;

function outcomeOf(effect: Effect): Message {
  switch (effect.kind) {
    case 'job':
      return effect.onDone(facts, null);
    case 'place':
      return effect.onDone({ hostId: uuid(11), hostName: 'node-a' });
    case 'command':
      return effect.onDone({ address: '10.0.0.2', mac: 'fa:16:3e:00:00:01', network: {} });
  }
}

/** One stream: commands of people, and at once the outcomes of whatever it then owes. */
class Life {
  state: unknown;
  commands = 0;
  events = 0;

  constructor(private readonly aggregate: AnyAggregate) {
    this.state = aggregate.initial;
  }

  get now(): string {
    return after(this.commands / 100);
  }

  take(command: Message): void {
    this.commands += 1;
    const context = { commandId: uuid(this.commands), at: this.now };
    try {
      for (const event of this.aggregate.decide(command, this.state, context)) {
        this.state = this.aggregate.evolve(this.state, event, context);
        this.events += 1;
      }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  settle(): void {
    for (let i = 0; i < 20; i += 1) {
      const ready = (this.aggregate.due?.(this.state) ?? []).find(({ notBefore = '' }) => notBefore <= this.now);
      if (ready === undefined) return;
      this.take(outcomeOf(ready));
    }
  }

  get bytes(): number {
    return Buffer.byteLength(JSON.stringify(this.aggregate.snapshot.save(this.state)));
  }
}

describe.each(Object.keys(aggregates) as Category[])('after 100,000 commands a stream of %s', (category) => {
  const aggregate = aggregates[category] as AnyAggregate;
  const life = new Life(aggregate);

  beforeAll(() => {
    for (let n = 1; life.commands < COMMANDS; n += 1) {
      for (const command of roundOf(category, n, life.now)) life.take(command);
      life.settle();
    }
  });

  it('has a snapshot that is as small as one of what lives in it', () => {
    if (category !== 'request') expect(life.events).toBeGreaterThan(100);
    expect(life.bytes).toBeLessThan(MOST_BYTES);
  });

  it('goes on from its snapshot as it would have gone on', () => {
    const stored = JSON.parse(JSON.stringify(aggregate.snapshot.save(life.state))) as unknown;
    const [as, loaded] = [life, new Life(aggregate)];
    loaded.state = aggregate.snapshot.load(stored);
    expect(loaded.state).toEqual(as.state);
    loaded.commands = as.commands;
    for (const one of [as, loaded]) {
      for (const command of roundOf(category, 900_000, one.now)) one.take(command);
      one.settle();
    }
    expect(loaded.state).toEqual(as.state);
  });
});
