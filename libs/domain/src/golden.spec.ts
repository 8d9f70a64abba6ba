import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  aggregateOf,
  type AnyAggregate,
  type Context,
  EFFECT_NAMES,
  effectName,
  EVENT_TYPES,
  eventCatalogue,
  parseStream,
  upcast,
} from './index';

/**
 * Published events never change. Earlier releases wrote these files with `npm run golden`, and nobody edits them:
 * today's code must fold them, and must list the effects that they owed then.
 */
const GOLDEN = join(__dirname, '../golden');
const HISTORIES = join(GOLDEN, 'histories');

/** Effects that 0.1 gave another name; their ids are the same. */
const RENAMED: Readonly<Record<string, string>> = { AbandonLaunch: 'AbandonCreation', UndoLaunch: 'UndoCreation' };

interface Frozen {
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: Context & Readonly<Record<string, unknown>>;
}

interface Owed {
  readonly id: string;
  readonly kind: string;
  readonly what: string;
}

interface History {
  readonly about: string;
  readonly finished: boolean;
  readonly events: readonly (Frozen & { readonly due: readonly Owed[] })[];
}

const asNamedToday = (due: readonly Owed[]): readonly Owed[] =>
  due.map((one) => ({ ...one, what: RENAMED[one.what] ?? one.what }));

/** The order of a stream's effects has no meaning. */
const byId = (due: readonly Owed[]): readonly Owed[] => [...due].sort((a, b) => (a.id < b.id ? -1 : 1));

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

const examples = readdirSync(GOLDEN).filter((name) => name.endsWith('.json'));
const histories = readdirSync(HISTORIES).flatMap((release) =>
  readdirSync(join(HISTORIES, release)).map((name) => [release, name] as const),
);

function aggregateOfStream(stream: string): AnyAggregate {
  const aggregate = aggregateOf(parseStream(stream)?.category ?? '');
  if (aggregate === undefined) throw new Error(`${stream} is not a stream of the domain`);
  return aggregate;
}

const evolve = (before: unknown, { stream, type, data, metadata }: Frozen): unknown =>
  aggregateOfStream(stream).evolve(before, upcast({ type, data }), metadata);

describe('every event ever written', () => {
  it.each([...eventCatalogue.keys()])('of type %s is frozen, in an example of its own or in a history', (type) => {
    const told = histories.some(([release, name]) =>
      (read(HISTORIES, release, name) as History).events.some((event) => event.type === type),
    );
    expect(told || examples.includes(`${type}.1.json`)).toBe(true);
  });

  it.each(examples)('can still be read: %s', (name) => {
    const event = read(GOLDEN, name) as Frozen;
    expect(name).toMatch(new RegExp(`^${event.type.replaceAll('.', '\\.')}\\.\\d+\\.json$`));
    expect(upcast(event).type).toBe(eventCatalogue.get(event.type)?.type);
    const { initial } = aggregateOfStream(event.stream);
    expect(evolve(initial, event)).toBeInstanceOf(Object);
  });

  it.each(EVENT_TYPES)('of type %s is explained in a sentence', (type) => {
    expect(eventCatalogue.get(type)?.meaning).toMatch(/^[A-Z].{10,}\.$/);
  });

  it.each(examples)('says who and why: %s', (name) => {
    const { id, metadata } = read(GOLDEN, name) as Frozen;
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata).toMatchObject({
      commandId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      commandHash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      command: expect.any(String) as unknown,
      $correlationId: expect.any(String) as unknown,
      $causationId: expect.any(String) as unknown,
      actor: { userId: expect.any(String) as unknown, roles: expect.any(Array) as unknown },
      api: expect.any(String) as unknown,
      requestId: expect.any(String) as unknown,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      streamHash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect(metadata).toHaveProperty('clientAddress');
  });
});

describe.each(histories)('the history of release %s, %s', (release, name) => {
  const { finished, events } = read(HISTORIES, release, name) as History;

  it('owes after each event what it owed then', () => {
    const states = new Map<string, unknown>();
    for (const event of events) {
      const aggregate = aggregateOfStream(event.stream);
      const state = evolve(states.get(event.stream) ?? aggregate.initial, event);
      states.set(event.stream, state);
      const due = (aggregate.due?.(state) ?? []).map((one) => ({ id: one.id, kind: one.kind, what: effectName(one) }));
      expect({ after: event.type, due: byId(due) }).toEqual({ after: event.type, due: byId(asNamedToday(event.due)) });
    }
  });

  it(`ends with ${finished ? 'nothing owed' : 'something owed'}`, () => {
    const last = new Map(events.map((event) => [event.stream, event.due]));
    const owed = [...last.values()].flat();
    expect(owed.length > 0).toBe(!finished);
  });
});

it('every kind of effect is owed in some history', () => {
  const owed = histories.flatMap(([release, name]) =>
    (read(HISTORIES, release, name) as History).events.flatMap(({ due }) => asNamedToday(due).map(({ what }) => what)),
  );
  expect([...new Set(owed)].sort()).toEqual([...EFFECT_NAMES].sort());
});
