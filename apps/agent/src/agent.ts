import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '@cairn/config';
import { claimedLog, type EventStore, EventStoreDb, type StoreLogin } from '@cairn/event-store';

import { DoctorDoor } from './doctor-door';
import { type AgentConfig, type HostConfig, readSecret } from './config';
import { vlansMissing } from './drivers/linux-network/vlans';
import { Liveness } from './liveness';
import type { Log } from './ports/log.port';
import { ProcessLock } from './process-lock';
import { connectRedis } from './redis';
import { RunningHost, type Shared } from './running-host';
import { systemClock } from './system-clock';

/** How long jobs under way may take to end when the process is asked to. */
const STOP_WITHIN_MS = 10_000;

/** Makes the state folder the process's own. @throws LockTaken */
export async function takeState({ stateDir }: AgentConfig): Promise<ProcessLock> {
  await mkdir(stateDir, { recursive: true });
  return ProcessLock.take(join(stateDir, 'agent.lock'));
}

async function storeLogin({ eventStoreLogin, tls }: AgentConfig): Promise<StoreLogin | undefined> {
  if (eventStoreLogin === null) return undefined;
  const { user, passwordFile } = eventStoreLogin;
  return { user, password: await readSecret(passwordFile), caFile: tls?.authorityFile ?? null };
}

/** @throws ConfigError where networks are to be VLANs and the host has none. */
async function requireVlans({ driver, vlans }: AgentConfig): Promise<void> {
  if (driver !== 'libvirt' || !vlans) return;
  const missing = await vlansMissing();
  if (missing !== null) throw new ConfigError(`networks are to be VLANs (vlans), and ${missing}`);
}

/** The agent's process: one real host, or several simulated ones on shared connections. */
export class AgentProcess {
  private readonly hosts: RunningHost[] = [];
  private door: DoctorDoor | null = null;

  private constructor(
    private readonly shared: Shared,
    private readonly liveness: Liveness,
  ) {}

  /**
   * Resolves when every host has said in the log that it runs, and takes jobs.
   * @param onReady is told of each host.
   * @throws ConfigError, JournalDamaged
   */
  static async start(
    config: AgentConfig,
    log: Log,
    onReady: (host: HostConfig, virtType: string) => void,
    connectStore: (url: string, login: StoreLogin | undefined) => EventStore = (url, login) =>
      claimedLog(EventStoreDb.connect(url, { login }), config.eventStoreOwners),
  ): Promise<AgentProcess> {
    await requireVlans(config);
    const password = config.redisPasswordFile === null ? null : await readSecret(config.redisPasswordFile);
    const { redisUrl, redisUser, tls } = config;
    const authority = tls === null ? null : await readSecret(tls.authorityFile);
    const redis = connectRedis({ url: redisUrl, user: redisUser, password, authority }, log);
    const store = connectStore(config.eventStoreUrl, await storeLogin(config));
    const agent = new AgentProcess(
      { config, log, redis, store, blobs: new Map() },
      new Liveness(redis, systemClock, log),
    );
    await Promise.all(config.hosts.map((host) => agent.begin(host, onReady)));
    agent.door = await DoctorDoor.open(config.stateDir, agent.hosts, log);
    return agent;
  }

  /** Ends running work, within limits, and releases everything. Guests go on running. */
  async stop(): Promise<void> {
    await this.door?.close();
    await this.liveness.stop();
    await Promise.all(this.hosts.map((host) => host.stop(STOP_WITHIN_MS)));
    this.shared.redis.disconnect();
    await this.shared.store.close();
  }

  private async begin(config: HostConfig, onReady: (host: HostConfig, virtType: string) => void): Promise<void> {
    const host = await RunningHost.start(config, this.shared);
    this.hosts.push(host);
    host.takeJobs();
    await this.liveness.add(host);
    onReady(config, host.virtType);
  }
}
