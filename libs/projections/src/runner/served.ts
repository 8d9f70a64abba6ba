import type { DataSource, EntityManager } from 'typeorm';
import type { Row } from '../projection';
import type { EntityOf } from './row-store';
import { sessionsOf } from './session';
import { codecOf } from './table-codec';

/** A database that is read from, and is closed only when nobody reads from it any more. */
export class Served {
  private readers = 0;
  private idle: () => void = () => undefined;

  constructor(private readonly source: DataSource) {}

  async read<T>(queries: (rows: EntityManager) => Promise<T>): Promise<T> {
    this.readers += 1;
    try {
      return await queries(this.source.manager);
    } finally {
      this.readers -= 1;
      if (this.readers === 0) this.idle();
    }
  }

  /** Rows that have these values. */
  async rowsWith<R extends Row>(entity: EntityOf<R>, values: Partial<R>): Promise<readonly R[]> {
    const codec = codecOf(this.source, entity);
    const given = Object.entries(values);
    const parameters = given.map(([property, value]) => codec.parameter(property, value));
    const sql = codec.selectWhereSql(given.map(([property]) => property));
    const found = await this.read(async (rows) => sessionsOf(this.source).of(rows).rows({ sql, parameters }));
    return found.map((cells) => codec.decode(cells) as R);
  }

  /** Resolves when the last reader is done and the database closed. Nobody may begin to read after this. */
  async retire(): Promise<void> {
    if (this.readers > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
    await this.source.destroy();
  }
}
