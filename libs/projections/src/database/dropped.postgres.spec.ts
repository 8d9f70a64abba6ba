import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { ReadModelNotReady } from '../errors';
import { openReadModel } from '../open-read-model';
import type { ReadModel } from '../read-model';
import { FlavorRow } from '../read-models';
import { eventually } from '../testing/eventually';
import { cloudOf } from '../testing/histories';
import { fastTime, Told } from '../testing/runtime';
import { TestLog } from '../testing/test-log';
import { serverOf } from './postgres-url';

const { log: past } = cloudOf({ seed: 7, steps: 200 });
const end = past.at(-1)?.position ?? 0n;

/** A database of the test's own, and one role that may make it again and one that may not: PostgreSQL only. */
describe('a database that is dropped', () => {
  const name = `t${randomBytes(6).toString('hex')}`;
  const [url, poor] = [
    new URL(process.env['CAIRN_TEST_DATABASE'] ?? 'postgresql://cairn@nowhere/postgres'),
    `${name}_poor`,
  ];
  url.pathname = name;
  let operator: Client;
  let told: Told;
  let model: ReadModel | undefined;

  const drop = (): Promise<unknown> => operator.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  const flavors = (): Promise<number> => (model as ReadModel).read((rows) => rows.count(FlavorRow));

  beforeEach(async () => {
    operator = new Client(serverOf(process.env['CAIRN_TEST_DATABASE'] ?? ''));
    await operator.connect();
    await operator.query(`CREATE ROLE ${poor} LOGIN`);
    told = new Told();
  });
  afterEach(async () => {
    await model?.close();
    await drop();
    await operator.query(`DROP ROLE ${poor}`);
    await operator.end();
  });

  async function opened(): Promise<void> {
    const database = { type: 'postgres', url: url.href } as const;
    model = await openReadModel({ database, log: new TestLog(past), timer: fastTime, logger: told });
    await model.waitFor(end, 100_000);
    await eventually('ready', () => model?.isReady() === true);
  }

  it('is made where there was none, and again while it is used, and the read models are built in it', async () => {
    await opened();
    const made = expect.stringMatching(new RegExp(`^the database ${name} was not there: it is made`)) as string;
    expect(told.notices).toEqual([made]);
    const before = await flavors();
    expect(before).toBeGreaterThan(0);
    await drop();
    await expect(flavors()).rejects.toThrow(ReadModelNotReady);
    await eventually('they answer again', () =>
      flavors().then(
        (count) => count === before,
        () => false,
      ),
    );
    expect(told.notices).toEqual([made, made]);
  });

  it('waits for an operator who makes it, where Cairn may not', async () => {
    await operator.query(`CREATE DATABASE ${name} OWNER ${poor}`);
    url.username = poor;
    await opened();
    const before = await flavors();
    await drop();
    await expect(flavors()).rejects.toThrow(ReadModelNotReady);
    const why = /cannot be opened.*the database \S+ is not there, and cannot be made: .*permission denied/;
    await eventually('told', () => told.notices.length > 0);
    expect(told.notices).toEqual([expect.stringMatching(why)]);
    await operator.query(`CREATE DATABASE ${name} OWNER ${poor}`);
    await eventually('they answer again', () =>
      flavors().then(
        (count) => count === before,
        () => false,
      ),
    );
    expect(told.notices).toHaveLength(1);
  });
});
