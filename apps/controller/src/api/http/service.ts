import type { Type } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Dialect } from './dialects';
import type { Origin } from './forwarded';

/** PEM. */
export interface ServiceTls {
  readonly certificate: Buffer;
  readonly key: Buffer;
  /** Signed the certificates of callers. */
  readonly authority: Buffer;
}

/** Takes over connections that leave HTTP. */
export interface UpgradeHandler {
  /**
   * @param socket answered by nobody else from here on
   * @param scope of the request
   * @throws HttpProblem to refuse; what else it throws is a bug
   */
  upgrade(request: IncomingMessage, socket: Socket, scope: UpgradeScope): Promise<void>;
}

export interface UpgradeScope {
  readonly requestId: string;
  readonly clientAddress: string | null;
  /** How the client reached the service, as far as it is known. */
  readonly origin: Origin;
}

/** One HTTP server of the controller: which API, whose words, on which port. */
export interface ServiceDefinition {
  /** Becomes `api` in the metadata of events: `identity`, `compute`, `image`, `hosts`. */
  readonly name: string;
  readonly dialect: Dialect;
  /** The façade: controllers, guards and presenters. They inject what the application shares (`application.ts`). */
  readonly module: Type<unknown>;
  /** Port to listen on; 0 for any free one. */
  readonly port: number;
  /** Address to listen on, where it is not the configured one. */
  readonly address?: string;
  /** HTTPS in the place of HTTP. Callers are asked for a certificate; whether one is needed the service decides. */
  readonly tls?: ServiceTls;
  /** With a slash at its end a path is another one, which is not there: so in nova and glance. Version documents apart. */
  readonly exactPaths?: boolean;
  /** Below this path the same routes are served once more, for administrators; `request.originalUrl` has it. */
  readonly adminPrefix?: string;
  /** Connections at a time; by default what the process's descriptors allow. */
  readonly connections?: number;
  /** Of the module: what takes connections that ask to go on with another protocol. By default they are plain requests. */
  readonly upgrades?: Type<UpgradeHandler>;
  /** Content types that are parsed as JSON besides `application/json`. */
  readonly jsonTypes?: readonly string[];
  /** Content types whose body reaches the controller as a stream (`request.body`), whatever its size. */
  readonly streamedTypes?: readonly string[];
}

/** A server that listens. */
export interface RunningService {
  readonly name: string;
  /** `http://host:port` as bound. */
  readonly url: string;
  readonly port: number;
  /** Answers running requests and ends. */
  close(): Promise<void>;
}
