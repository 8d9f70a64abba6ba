import type { LogConnections } from '@cairn/event-store';
import { writeWhole } from '@cairn/os';
import { Counter, Gauge, Registry } from 'prom-client';

import type { Log } from './log';

/** How often to write what changes all the time. */
const EVERY_MS = 60_000;

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
  private readonly compared = new Counter({
    name: 'cairn_read_model_compared_streams_total',
    help: 'Streams whose rows the sweep has compared with the log',
    registers: [this.registry],
  });
  private readonly differences = new Counter({
    name: 'cairn_read_model_differences_total',
    help: 'Rows that were not what the log says, and were made again, by group of read models. More than 0 is a bug',
    labelNames: ['group'],
    registers: [this.registry],
  });
  private readonly logConnections = new Gauge({
    name: 'cairn_log_connections',
    help: 'Connections to the node of the log in use that carry reads and subscriptions',
    registers: [this.registry],
  });
  private readonly logCalls = new Gauge({
    name: 'cairn_log_calls',
    help: 'Reads and subscriptions that run on them',
    registers: [this.registry],
  });
  private readonly logUse = new Gauge({
    name: 'cairn_log_node',
    help: 'The node of the log in use: 1, with what it is used for. Not leads for long is an alarm',
    labelNames: ['address', 'use'],
    registers: [this.registry],
  });
  private writing: Promise<void> = Promise.resolve();
  private writtenAt = 0;

  constructor(
    private readonly path: string,
    private readonly log: Log,
  ) {}

  setParked(group: string, streams: number): void {
    this.parked.set({ group }, streams);
    this.write();
  }

  /** @param log undefined while no node of it is reached */
  setLog(log: LogConnections | undefined): void {
    this.logConnections.set(log?.connections ?? 0);
    this.logCalls.set(log?.calls ?? 0);
    this.logUse.reset();
    if (log !== undefined) this.logUse.set({ address: log.address, use: log.use }, 1);
    this.write();
  }

  /** Written once a minute. */
  addCompared(streams: number): void {
    this.compared.inc(streams);
    if (performance.now() - this.writtenAt > EVERY_MS) this.write();
  }

  addDifference(group: string): void {
    this.differences.inc({ group });
    this.write();
  }

  /** Resolves when all that was set is in the file. */
  written(): Promise<void> {
    return this.writing;
  }

  private write(): void {
    this.writtenAt = performance.now();
    this.writing = this.writing
      .then(async () => writeWhole(this.path, await this.registry.metrics(), 0o644))
      .catch((error: unknown) => {
        this.log.warn('the metrics could not be written', { error });
      });
  }
}
