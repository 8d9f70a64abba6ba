import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import {
  aggregateOf,
  type Context,
  EFFECT_NAMES,
  effectName,
  guardOf,
  type Instance,
  parseStream,
  upcast,
} from '@cairn/domain';
import type { RecordedEvent } from '@cairn/event-store';
import { getMetadataArgsStorage } from 'typeorm';

import { parsedLine } from '../../apps/controller/src/cli/offline/exported-line';
import { ChainVerifier } from '../../apps/controller/src/cli/verify';
import type { MemoryReadModel } from '../../libs/projections/src/runner/memory-read-model';
import { projections } from '../../libs/projections/src/projections';
import { ParkedStreamRow } from '../../libs/projections/src/runner/rows';
import { rowsAfter } from '../../libs/projections/src/testing/timeline';
import { asShownToday, type Owed, type Shown } from './shown';

/** A folder for each release: its log, and what it showed of it itself (README.md). */
const RELEASES = readdirSync(__dirname).filter((name) => /^\d/.test(name));

const text = (release: string, file: string): string =>
  gunzipSync(readFileSync(join(__dirname, release, file))).toString();

function logOf(release: string): readonly RecordedEvent[] {
  const lines = text(release, 'log.jsonl.gz').trim().split('\n');
  return lines.map((line) => {
    const event = parsedLine(line);
    if (event === undefined) throw new Error(`no event: ${line}`);
    return event;
  });
}

/** Today's rows of a table, as far as the release's have columns. */
function rowsOf(model: MemoryReadModel, table: string, columns: readonly string[]): readonly object[] {
  const named = getMetadataArgsStorage().tables.find(({ name }) => name === table);
  const entity = projections.find((projection) => projection.entity === named?.target)?.entity;
  if (entity === undefined) throw new Error(`no read model has the table ${table}`);
  return model.all(entity).map((row) => Object.fromEntries(columns.map((name) => [name, Reflect.get(row, name)])));
}

/** For each event what its stream owes after it. @param states by stream; at the end the last ones */
function owedAfter(
  events: readonly RecordedEvent[],
  states = new Map<string, unknown>(),
): readonly (readonly Owed[] | null)[] {
  return events.map(({ stream, type, data, metadata }) => {
    const aggregate = aggregateOf(parseStream(stream)?.category ?? '');
    if (aggregate === undefined) return null;
    const before = states.has(stream) ? states.get(stream) : aggregate.initial;
    const state = aggregate.evolve(before, upcast({ type, data }), metadata as unknown as Context);
    states.set(stream, state);
    return (aggregate.due?.(state) ?? []).map((one) => {
      const { id, kind, notBefore = null, dueBy = null } = one;
      return { id, kind, what: effectName(one), notBefore, dueBy };
    });
  });
}

/** In which order a stream owes things has no meaning. */
const byId = (due: readonly Owed[] | null): readonly Owed[] => [...(due ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));

describe.each(RELEASES)('a log that release %s wrote', (release) => {
  const log = logOf(release);
  const shown = asShownToday(JSON.parse(text(release, 'shown.json.gz')) as Shown);
  let model: MemoryReadModel;

  beforeAll(async () => {
    model = await rowsAfter(log);
  });

  it('has whole hash chains', () => {
    const verifier = new ChainVerifier();
    // the store's own streams, about how long others are kept, have no chains
    for (const event of log) if (!event.stream.startsWith('$')) verifier.check(event);
    expect(verifier.broken).toEqual([]);
    expect(verifier.streams).toBeGreaterThan(50);
  });

  it('has events of older versions', () => {
    const older = log.filter(({ type, data }) => upcast({ type, data }).type !== type);
    expect(new Set(older.map(({ type }) => type)).size).toBeGreaterThan(8);
  });

  it('parks no stream', () => {
    expect(model.all(ParkedStreamRow)).toEqual([]);
  });

  it.each(Object.entries(shown.tables))('shows the same rows of %s', (table, rows) => {
    expect(rows).not.toEqual([]);
    expect(rowsOf(model, table, Object.keys(rows[0] ?? {}))).toEqual(rows);
  });

  it('owes after each event what it owed then', () => {
    const today = owedAfter(log);
    expect(shown.owed).toHaveLength(log.length);
    for (const [i, { stream, type, revision }] of log.entries()) {
      const event = { stream, type, revision };
      expect({ event, due: byId(today[i] ?? null) }).toEqual({ event, due: byId(shown.owed[i] ?? null) });
    }
  });

  it('has servers that no host filters anything for, also hosts that filter for others', () => {
    const states = new Map<string, unknown>();
    owedAfter(log, states);
    const servers = [...states].flatMap(([stream, state]) =>
      stream.startsWith('instance-') ? [state as Instance] : [],
    );
    expect(servers.length).toBeGreaterThan(10);
    expect(servers.map(guardOf).filter((guard) => guard !== undefined)).toEqual([]);
  });

  it('has owed nearly everything that can be owed', () => {
    const names = new Set(shown.owed.flatMap((due) => (due ?? []).map(({ what }) => what)));
    expect(EFFECT_NAMES).toEqual(expect.arrayContaining([...names]));
    expect(names.size).toBeGreaterThan(10);
  });
});
