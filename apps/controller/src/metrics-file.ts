import { writeWhole } from '@cairn/os';
import { Gauge, Registry } from 'prom-client';

import type { Log } from './log';

/**
 * The controller's metrics in a file of Prometheus' text format, as node_exporter's textfile collector reads it: written
 * whole whenever one changes.
 */
export class MetricsFile {
  private readonly registry = new Registry();
  private readonly parked = new Gauge({
    name: 'cairn_read_model_parked_streams',
    help: 'Streams whose rows stand still, by group of read models. More than 0 is an alarm: see ./cairn stuck',
    labelNames: ['group'],
    registers: [this.registry],
  });
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  setParked(group: string, streams: number): void {
    this.parked.set({ group }, streams);
    this.writing = this.writing
      .then(async () => writeWhole(this.path, await this.registry.metrics(), 0o644))
      .catch((error: unknown) => {
        this.log.warn('the metrics could not be written', { error });
      });
  }

  /** Resolves when all that was set is in the file. */
  written(): Promise<void> {
    return this.writing;
  }
}
