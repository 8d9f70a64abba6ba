import { chmod, rm } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';

import { DOCTOR_NETWORK_PATH, DOCTOR_SOCKET, type NetworkReport } from '@cairn/host-protocol';

import { closeServer } from './close-server';
import type { Finding } from './ports/host-network.port';
import type { Log } from './ports/log.port';

/** A host that can be looked at. */
export interface Examined {
  readonly hostId: string;
  readonly name: string;
  /** @param mends whether to make right first what is wrong */
  examine(mends: boolean): Promise<readonly Finding[]>;
}

/** Answers `./cairn doctor` on this machine, by a socket in the agent's state folder, which root alone may use. */
export class DoctorDoor {
  private readonly server: http.Server;

  private constructor(
    private readonly hosts: readonly Examined[],
    private readonly log: Log,
  ) {
    this.server = http.createServer((request, response) => void this.answer(request, response));
  }

  /** Null where there is no such socket to be had: the host works without. */
  static async open(stateDir: string, hosts: readonly Examined[], log: Log): Promise<DoctorDoor | null> {
    const path = join(stateDir, DOCTOR_SOCKET);
    const door = new DoctorDoor(hosts, log);
    try {
      await rm(path, { force: true }); // of a process that was killed; the folder is this one's alone
      await new Promise<void>((resolve, reject) => {
        door.server.once('error', reject).listen(path, resolve);
      });
      await chmod(path, 0o600);
      return door;
    } catch (error) {
      log.warn('./cairn doctor cannot ask this agent', { path, error });
      return null;
    }
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async answer({ method = '', url }: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (url !== DOCTOR_NETWORK_PATH || !['GET', 'POST'].includes(method)) {
      response.writeHead(404).end();
      return;
    }
    try {
      const examined = this.hosts.map(async (host) => ({
        hostId: host.hostId,
        name: host.name,
        findings: await host.examine(method === 'POST'),
      }));
      const report: NetworkReport = { hosts: await Promise.all(examined) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(report));
    } catch (error) {
      this.log.error('./cairn doctor got no answer', { error });
      response.writeHead(500).end();
    }
  }
}
