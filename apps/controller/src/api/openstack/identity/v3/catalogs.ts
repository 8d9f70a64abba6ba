import { Injectable } from '@nestjs/common';
import { GenerationalCache } from '@cairn/cache';
import type { FastifyRequest } from 'fastify';
import type { CatalogService } from '../catalog';
import { Links } from '../links';
import { presentCatalog } from './present-token';

/** Projects whose catalogs are kept. */
const PROJECTS = 512;

interface Shown {
  readonly services: readonly CatalogService[];
  readonly catalog: readonly object[];
}

/** Catalogs as tokens have them, each kept as long as clients come by the same way: it is in every answer with a token. */
@Injectable()
export class Catalogs {
  private readonly shown = new GenerationalCache<string, Shown>(PROJECTS);

  constructor(private readonly links: Links) {}

  /** @param projectId null without a project */
  of(projectId: string | null, request: FastifyRequest): readonly object[] {
    const services = this.links.services(request);
    const key = projectId ?? '';
    const known = this.shown.get(key);
    if (known?.services === services) return known.catalog;
    const catalog = presentCatalog(services, projectId, this.links.region);
    this.shown.set(key, { services, catalog });
    return catalog;
  }
}
