// What a release itself shows of its log, run on that release's build. See README.md.
// usage: node show.cjs DIST READ_MODEL_FOLDER EXPORT > shown.json
const { readdirSync, readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const [dist, folder, exported] = process.argv.slice(2).map((path) => resolve(path));
const lib = (name) => require(join(dist, 'libs', name));
const { aggregateOf, effectName, parseStream, upcast } = lib('domain/src/index.js');
const { UNWANTED } = lib('projections/src/projections.js');
const { entities } = lib('projections/src/schema.js');
const { DataSource } = require(require.resolve('typeorm', { paths: [dist] }));

const isShown = (type) => !UNWANTED.some((one) => (one.endsWith('.') ? type.startsWith(one) : type === one));

/** Rows of every table, as the release reads them. */
async function tables() {
  const file = readdirSync(folder).find((name) => name.endsWith('.sqlite'));
  const source = await new DataSource({ type: 'better-sqlite3', database: join(folder, file), entities }).initialize();
  const shown = {};
  for (const { target, tableName } of source.entityMetadatas)
    if (/_v\d+$/.test(tableName)) shown[tableName] = await source.manager.find(target, { order: { id: 'ASC' } });
  const [{ position }] = await source.query('SELECT position FROM checkpoint');
  await source.destroy();
  return { position, tables: shown };
}

/** What an event's stream owes after it, for each event of the log in its order; null for streams that owe nothing ever. */
function owed(events) {
  const states = new Map();
  return events.map(({ stream, type, json, metadata }) => {
    const aggregate = aggregateOf(parseStream(stream)?.category ?? '');
    if (aggregate === undefined) return null;
    const before = states.has(stream) ? states.get(stream) : aggregate.initial;
    const state = aggregate.evolve(before, upcast({ type, data: json }), metadata);
    states.set(stream, state);
    return (aggregate.due?.(state) ?? []).map((effect) => {
      const { id, kind, notBefore = null, dueBy = null } = effect;
      return { id, kind, what: effectName(effect), notBefore, dueBy };
    });
  });
}

async function main() {
  const events = readFileSync(exported, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { position, tables: rows } = await tables();
  const missing = events.filter((one) => BigInt(one.position) > BigInt(position) && isShown(one.type));
  if (missing.length > 0) throw new Error(`the tables do not show ${missing.map(({ type }) => type).join(', ')}`);
  console.log(JSON.stringify({ tables: rows, owed: owed(events) }));
}

void main();
