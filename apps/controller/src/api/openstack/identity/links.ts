import { Inject, Injectable } from '@nestjs/common';
import { GenerationalCache } from '@cairn/cache';
import type { FastifyRequest } from 'fastify';
import type { ControllerConfig } from '../../../config';
import { CONFIG } from '../../../application/core';
import { publicUrl } from '../../http';
import { type CatalogService, catalogServices, type ServiceType } from './catalog';

/** Hosts that clients come by, each with its services. */
const WAYS = 64;

/** URLs in answers, by which the client that asks can come back. */
@Injectable()
export class Links {
  private readonly known = new GenerationalCache<string, readonly CatalogService[]>(WAYS);

  constructor(@Inject(CONFIG) private readonly config: ControllerConfig) {}

  /** `http://host:5000`, or what the operator has chosen. */
  root(request: FastifyRequest): string {
    return publicUrl(this.config, request, 'identity');
  }

  /** `http://host:5000/v3`. */
  v3(request: FastifyRequest): string {
    return `${this.root(request)}/v3`;
  }

  /** The URL of a list, with its query as it came. @param path in the v3 API, such as `/users` */
  list(path: string, request: FastifyRequest): string {
    const [, query = ''] = request.url.split(/\?(.*)/s, 2);
    return `${this.v3(request)}${path}${query === '' ? '' : `?${query}`}`;
  }

  /** The same list for the same URLs. */
  services(request: FastifyRequest): readonly CatalogService[] {
    const urlOf = (service: ServiceType): string => publicUrl(this.config, request, service, false);
    const key = `${urlOf('compute')} ${urlOf('identity')} ${urlOf('image')}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const services = catalogServices(urlOf);
    this.known.set(key, services);
    return services;
  }

  get region(): string {
    return this.config.cloud.region;
  }
}

/** A list in Keystone's envelope. */
export const presentList = (
  key: string,
  items: readonly unknown[],
  self: string,
): Readonly<Record<string, unknown>> => ({
  [key]: items,
  links: { next: null, self, previous: null },
});
