import type { NetworkSpec } from '@cairn/host-protocol';
import { KeyedMutex } from '@cairn/turns';

import type { ControllerHttp } from '../http/controller-http';
import type { Clock } from '../ports/clock.port';
import type { Helper, HostNetwork } from '../ports/host-network.port';
import type { Log } from '../ports/log.port';

import { NetworkListener } from './network-listener';

export interface MetadataProxyParts {
  readonly network: Pick<HostNetwork, 'networks'>;
  readonly controller: ControllerHttp;
  readonly clock: Clock;
  readonly log: Log;
  readonly port: number;
  /** Where to listen for a network; its gateway address unless a test has none. */
  readonly addressOf?: (network: NetworkSpec) => string;
}

const RETRY_MS = 1_000;

/** One listener per network that this host has, opened and closed as networks come and go. */
export class MetadataProxy {
  private readonly listeners = new Map<string, NetworkListener>();
  private readonly mutex = new KeyedMutex();
  private readonly closed = new AbortController();

  constructor(private readonly parts: MetadataProxyParts) {}

  /** Opens missing listeners and closes superfluous ones. Never throws: it tries failed ones again. */
  async reconcile(): Promise<void> {
    const complete = await this.mutex.run('', () => this.reconcileOnce());
    if (!complete && !this.closed.signal.aborted) void this.later();
  }

  /** Opens listeners again that ended. @returns each as it was found. */
  async tend(): Promise<readonly Helper[]> {
    const { network } = this.parts;
    const found = (await network.networks()).map(({ networkId, label, bridge }): Helper => {
      const isListening = this.listeners.get(networkId)?.isListening === true;
      return { name: `metadata proxy of ${label} (${bridge})`, pid: isListening ? process.pid : null };
    });
    if (found.some(({ pid }) => pid === null)) await this.reconcile();
    return found;
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.mutex.run('', async () => {
      for (const networkId of [...this.listeners.keys()]) await this.shut(networkId);
    });
  }

  private async later(): Promise<void> {
    await this.parts.clock.sleep(RETRY_MS, this.closed.signal);
    if (!this.closed.signal.aborted) await this.reconcile();
  }

  private async reconcileOnce(): Promise<boolean> {
    if (this.closed.signal.aborted) return true;
    const { network, addressOf = ({ gateway }: NetworkSpec) => gateway } = this.parts;
    let complete = true;
    const attempt = async (work: () => Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        complete = false;
        this.parts.log.warn('metadata: cannot listen yet; trying again', { error });
      }
    };
    await attempt(async () => {
      const wanted = new Map((await network.networks()).map((spec) => [spec.networkId, addressOf(spec)]));
      for (const [networkId, listener] of [...this.listeners]) {
        if (wanted.get(networkId) !== listener.address || !listener.isListening) await this.shut(networkId);
      }
      for (const [networkId, address] of wanted) {
        if (!this.listeners.has(networkId)) await attempt(() => this.open(networkId, address));
      }
    });
    return complete;
  }

  private async open(networkId: string, address: string): Promise<void> {
    const { controller, log, port } = this.parts;
    this.listeners.set(networkId, await NetworkListener.open({ networkId, address, port, controller, log }));
    log.info('metadata: listening', { networkId, address, port });
  }

  private async shut(networkId: string): Promise<void> {
    await this.listeners.get(networkId)?.close();
    this.listeners.delete(networkId);
  }
}
