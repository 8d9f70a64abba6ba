import type { DataSource, EntityManager } from 'typeorm';

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
