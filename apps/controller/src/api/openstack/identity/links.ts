import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../../config';
import { CONFIG } from '../../../application/core';
import { publicHost } from '../../http';
import { type CatalogService, catalogServices } from './catalog';

/** URLs in answers, by which the client that asks can come back. */
@Injectable()
export class Links {
  constructor(@Inject(CONFIG) private readonly config: ControllerConfig) {}

  /** `http://host:5000`; the port is the one that the client used, which a forwarder may have changed. */
  root(request: FastifyRequest): string {
    const named = /:(\d{1,5})$/.exec(request.headers.host ?? '')?.[1];
    const { publicHost: chosen, ports } = this.config;
    const port = chosen === null && named !== undefined ? named : String(ports.identity);
    return `http://${publicHost(this.config, request)}:${port}`;
  }

  /** `http://host:5000/v3`. */
  v3(request: FastifyRequest): string {
    return `${this.root(request)}/v3`;
  }

  services(request: FastifyRequest): readonly CatalogService[] {
    return catalogServices(this.config, publicHost(this.config, request));
  }

  get region(): string {
    return this.config.cloud.region;
  }
}

/** A list in Keystone's envelope. */
export const listed = (key: string, items: readonly unknown[], self: string): Readonly<Record<string, unknown>> => ({
  [key]: items,
  links: { next: null, self, previous: null },
});
