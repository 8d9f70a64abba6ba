import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { HttpProblem, Policy } from '../../../http';
import { type CatalogService, endpointId, INTERFACES } from '../catalog';
import { Links, listed } from '../links';

class ServicesQuery {
  @IsOptional() @IsString() readonly name?: string;
  @IsOptional() @IsString() readonly type?: string;
}

class EndpointsQuery {
  @IsOptional() @IsString() readonly interface?: string;
  @IsOptional() @IsString() readonly service_id?: string;
  @IsOptional() @IsString() readonly region_id?: string;
}

interface Endpoint {
  readonly id: string;
  readonly interface: string;
  readonly service_id: string;
  readonly region_id: string;
}

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
  regions(@Req() request: FastifyRequest): unknown {
    return listed('regions', this.allRegions(request), `${this.links.v3(request)}/regions`);
  }

  @Get('regions/:id')
  @Policy('identity:get_region')
  region(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { region: found(this.allRegions(request), id, 'region') };
  }

  @Get('services')
  @Policy('identity:list_services')
  services(@Query() { name, type }: ServicesQuery, @Req() request: FastifyRequest): unknown {
    const v3 = this.links.v3(request);
    const services = this.links
      .services(request)
      .filter((service) => (name ?? service.name) === service.name && (type ?? service.type) === service.type);
    return listed(
      'services',
      services.map((service) => presentService(service, v3)),
      `${v3}/services`,
    );
  }

  @Get('services/:id')
  @Policy('identity:get_service')
  service(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { service: presentService(found(this.links.services(request), id, 'service'), this.links.v3(request)) };
  }

  @Get('endpoints')
  @Policy('identity:list_endpoints')
  endpoints(@Query() query: EndpointsQuery, @Req() request: FastifyRequest): unknown {
    const endpoints = this.allEndpoints(request).filter(
      (endpoint) =>
        (query.interface ?? endpoint.interface) === endpoint.interface &&
        (query.service_id ?? endpoint.service_id) === endpoint.service_id &&
        (query.region_id ?? endpoint.region_id) === endpoint.region_id,
    );
    return listed('endpoints', endpoints, `${this.links.v3(request)}/endpoints`);
  }

  @Get('endpoints/:id')
  @Policy('identity:get_endpoint')
  endpoint(@Param('id') id: string, @Req() request: FastifyRequest): unknown {
    return { endpoint: found(this.allEndpoints(request), id, 'endpoint') };
  }

  private allRegions(request: FastifyRequest): readonly { readonly id: string }[] {
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
