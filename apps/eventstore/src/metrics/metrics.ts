import { Registry } from 'prom-client';
import type { EventLogOptions } from '../log/event-log';
import { say } from '@cairn/os';
import { registerGauges, type GaugeSources } from './gauges';
import { GroupMetrics } from './group-metrics';
import { MetricsServer } from './metrics-server';

/** Where metrics are asked for. */
export interface MetricsAddress {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** The numbers of one server, and the page that shows them. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly page = new MetricsServer(this.registry);
  private readonly groups = new GroupMetrics(this.registry);
  /** The log and the server report their work through these. */
  readonly ofLog: Pick<EventLogOptions, 'onGroup'> = {
    onGroup: (group, result) => {
      this.groups.settled(group, result);
    },
  };
  readonly ofServer = {
    onRefused: (): void => {
      this.groups.refused();
    },
  };

  /** Resolves to the address of the page; undefined when it cannot be had, which is no reason not to serve the log. */
  async serve({ host, port }: MetricsAddress, sources: GaugeSources): Promise<string | undefined> {
    registerGauges(this.registry, sources);
    try {
      return await this.page.listen(host, port);
    } catch (error) {
      say(`eventstore: no metrics: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  close(): void {
    this.page.close();
  }
}
