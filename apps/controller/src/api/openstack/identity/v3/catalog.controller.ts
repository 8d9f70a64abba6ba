import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../../application/core';
import { askingOf, listed } from '../../../../application/lists';
import { FromCaller, HttpProblem, Policy } from '../../../http';
import { type CatalogService, endpointId, INTERFACES } from '../catalog';
import { Links, presentList } from '../links';
import { type Endpoint, ENDPOINT_LIST, type Region, REGION_LIST, SERVICE_LIST } from './catalog-lists';

const presentService = ({ id, type, name, description }: CatalogService, v3: string): object => ({
  id,
  type,
  name,
  description,
  enabled: true,
  links: { self: `${v3}/services/${id}` },
});

function found<T extends { readonly id: string }>(list: readonly T[], id: string, noun: string): T {
  const one = list.find((entry) => entry.id === id);
  if (one === undefined) throw new HttpProblem(404, `Could not find ${noun}: ${id}.`);
  return one;
}

/** Regions, services and endpoints follow from the configuration. */
@Controller('v3')
export class CatalogController {
  constructor(private readonly links: Links) {}

  @Get('regions')
  @Policy('identity:list_regions')
  async regions(
    @Query() query: unknown,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { rows } = await listed(REGION_LIST, this.allRegions(request), askingOf(caller, query));
    return presentList('regions', rows, this.links.list('/regions', request));
  }

  @Get('regions/:id')
  @Policy('identity:get_region')
  region(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { region: found(this.allRegions(request), id, 'region') };
  }

  @Get('services')
  @Policy('identity:list_services')
  async services(
    @Query() query: unknown,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { rows } = await listed(SERVICE_LIST, this.links.services(request), askingOf(caller, query));
    const v3 = this.links.v3(request);
    const services = rows.map((service) => presentService(service, v3));
    return presentList('services', services, this.links.list('/services', request));
  }

  @Get('services/:id')
  @Policy('identity:get_service')
  service(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { service: presentService(found(this.links.services(request), id, 'service'), this.links.v3(request)) };
  }

  @Get('endpoints')
  @Policy('identity:list_endpoints')
  async endpoints(
    @Query() query: unknown,
    @FromCaller() caller: Caller,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    const { rows } = await listed(ENDPOINT_LIST, this.allEndpoints(request), askingOf(caller, query));
    return presentList('endpoints', rows, this.links.list('/endpoints', request));
  }

  @Get('endpoints/:id')
  @Policy('identity:get_endpoint')
  endpoint(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { endpoint: found(this.allEndpoints(request), id, 'endpoint') };
  }

  private allRegions(request: FastifyRequest): readonly Region[] {
    const { region: id } = this.links;
    const links = { self: `${this.links.v3(request)}/regions/${id}` };
    return [{ id, ...{ description: '', parent_region_id: null, links } }];
  }

  private allEndpoints(request: FastifyRequest): readonly Endpoint[] {
    const v3 = this.links.v3(request);
    return this.links.services(request).flatMap(({ id: serviceId, type, urls }) =>
      INTERFACES.map((face) => {
        const id = endpointId(type, face);
        const { region } = this.links;
        const links = { self: `${v3}/endpoints/${id}` };
        return {
          id,
          interface: face,
          service_id: serviceId,
          region,
          region_id: region,
          url: urls[face],
          enabled: true,
          links,
        };
      }),
    );
  }
}
