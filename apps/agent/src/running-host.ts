import type { EventStore } from '@cairn/event-store';
import { writeWhole } from '@cairn/os';
import type Redis from 'ioredis';

import { type AgentConfig, type HostConfig, readSecret } from './config';
import type { Examined } from './doctor-door';
import { helpersFile, journalFile, networkFile, openHost, type OpenHost } from './drivers/open-host';
import type { BlobMemory } from './drivers/simulated/controller-image-source';
import { HelperWatch, type Tended } from './helper-watch';
import { HostAgent } from './host-agent';
import { ControllerClient } from './http/controller-client';
import { type ControllerAccess, ControllerHttp, type ControllerTls } from './http/controller-http';
import { FileJournal } from './journal/file-journal';
import type { AliveHost } from './liveness';
import { MetadataProxy } from './metadata/metadata-proxy';
import type { Finding } from './ports/host-network.port';
import type { Log } from './ports/log.port';
import { systemClock, systemRandom } from './system-clock';
import { HostWorker } from './worker';

/** What all hosts of a process share. */
export interface Shared {
  readonly config: AgentConfig;
  readonly log: Log;
  readonly redis: Redis;
  readonly store: EventStore;
  readonly blobs: BlobMemory;
}

/** One host at work: its agent, the queue that feeds it, and the way of its guests to their metadata. */
export class RunningHost implements AliveHost, Examined {
  private readonly closed = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  private constructor(
    readonly hostId: string,
    readonly bootId: string,
    readonly virtType: string,
    readonly name: string,
    private readonly parts: {
      readonly agent: HostAgent;
      readonly worker: HostWorker;
      readonly open: OpenHost;
      readonly journal: FileJournal;
      readonly metadata: MetadataProxy | null;
      readonly helpers: HelperWatch | null;
    },
  ) {}

  /** Resolves when the host has said in the log that it runs; it does not take jobs yet. */
  static async start(host: HostConfig, shared: Shared): Promise<RunningHost> {
    const { config, store, redis, blobs } = shared;
    const { hostId } = host;
    const log = shared.log.with({ host: host.name });
    const access: ControllerAccess = {
      url: config.controllerUrl,
      hostId,
      token: await readSecret(host.tokenFile),
      tls: await controllerTls(config),
    };
    const controller = new ControllerClient(access);
    const clock = systemClock;
    const open = await openHost({ config, host, controller, clock, log, blobs });
    const journal = await FileJournal.open(journalFile(config, host));
    const { ports } = open;
    const metadata = config.driver === 'libvirt' ? metadataProxy(config, access, open, log) : null;
    const agent = new HostAgent({
      hostId,
      ports,
      journal,
      store,
      controller,
      clock,
      random: systemRandom,
      log,
      networksChanged: () => metadata?.reconcile() ?? Promise.resolve(),
      networkEveryMs: config.networkCheckSeconds * 1_000,
      tellNetwork: (state) => writeWhole(networkFile(config, host), `${JSON.stringify(state)}\n`, 0o644),
      guestsEveryMs: config.syncPowerStateSeconds * 1_000,
      deletedGuests: {
        action: config.runningDeletedInstanceAction,
        everyMs: config.runningDeletedInstancePollSeconds * 1_000,
      },
      followsGuests: config.handleVirtLifecycleEvents,
      resumesGuests: config.resumeGuestsStateOnHostBoot,
    });
    const tended = metadata === null ? [] : [ports.network, metadata];
    const helpers = helperWatch(config, host, { tended, agent, log });
    const { virtType } = await agent.start();
    const worker = new HostWorker({ hostId, redis, clock, log, handle: (message) => agent.handle(message) });
    return new RunningHost(hostId, agent.bootId, virtType, host.name, {
      agent,
      worker,
      open,
      journal,
      metadata,
      helpers,
    });
  }

  takeJobs(): void {
    this.parts.worker.start();
    this.parts.helpers?.start();
    this.watching = this.parts.agent.watch(this.closed.signal);
  }

  async examine(mends: boolean): Promise<readonly Finding[]> {
    const { agent, open, metadata } = this.parts;
    const found = mends ? await agent.network.look() : await open.ports.network.inspect();
    const proxies = (await metadata?.tend()) ?? [];
    return [
      ...found,
      ...proxies.map(({ name, pid }): Finding => {
        const verdict = pid === null ? 'wrong' : 'right';
        return { topic: 'process', name, verdict, says: `The ${name} ${pid === null ? 'did not listen' : 'listens'}.` };
      }),
    ];
  }

  /** Takes no more jobs, lets those under way end within `withinMs`, and lets go. Guests go on running. */
  async stop(withinMs: number): Promise<void> {
    const { agent, worker, open, journal, metadata, helpers } = this.parts;
    this.closed.abort(); // first: guests that go with their host have not changed by themselves
    agent.closeConsoles();
    await worker.close(withinMs);
    await this.watching;
    await helpers?.close();
    await metadata?.close();
    await open.close();
    await journal.close();
  }
}

async function controllerTls({ tls }: AgentConfig): Promise<ControllerTls | undefined> {
  if (tls === null) return undefined;
  const ca = await readSecret(tls.authorityFile);
  if (tls.own === null) return { ca };
  return { ca, cert: await readSecret(tls.own.certificateFile), key: await readSecret(tls.own.keyFile) };
}

function metadataProxy(config: AgentConfig, access: ControllerAccess, open: OpenHost, log: Log): MetadataProxy {
  return new MetadataProxy({
    network: open.ports.network,
    controller: new ControllerHttp({ ...access, idleMs: 10_000 }),
    clock: systemClock,
    log,
    port: config.metadataPort,
  });
}

/** Null where guests need no processes of their host. */
function helperWatch(
  config: AgentConfig,
  host: HostConfig,
  { tended, agent, log }: { readonly tended: readonly Tended[]; readonly agent: HostAgent; readonly log: Log },
): HelperWatch | null {
  if (tended.length === 0) return null;
  const onDeath = (name: string): void => {
    agent.network.note({ topic: 'process', name, says: `The ${name} had died.` });
  };
  return new HelperWatch({ tended, clock: systemClock, log, onDeath, file: helpersFile(config, host) });
}
