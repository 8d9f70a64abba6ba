import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { HttpProblem, isObject, Policy } from '../../../http';
import { computePaths } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';

const RULE = 'os_compute_api:os-floating-ips';

/** There are none, as in a cloud of nova's that has no pool of floating addresses; clients list them before they show a server. */
@Controller(computePaths('os-floating-ips'))
@Until(LAST_PROXY)
export class FloatingIpsController {
  @Get()
  @Policy(`${RULE}:list`)
  index(): unknown {
    return { floating_ips: [] };
  }

  @Post()
  @Policy(`${RULE}:create`)
  create(@Body() body: unknown): never {
    const pool = isObject(body) ? body['pool'] : undefined;
    const isNamed = pool !== undefined && pool !== null && pool !== '';
    throw new HttpProblem(404, isNamed ? 'Floating IP pool not found.' : 'No more floating IPs available.');
  }

  @Get(':id')
  @Policy(`${RULE}:show`)
  show(@Param('id') id: string): never {
    throw notFound(id);
  }

  @Delete(':id')
  @Policy(`${RULE}:delete`)
  remove(@Param('id') id: string): never {
    throw notFound(id);
  }
}

const notFound = (id: string): HttpProblem => new HttpProblem(404, `Floating IP not found for ID ${id.slice(0, 255)}`);

@Controller(computePaths('os-floating-ip-pools'))
@Until(LAST_PROXY)
export class FloatingIpPoolsController {
  @Get()
  @Policy('os_compute_api:os-floating-ip-pools')
  index(): unknown {
    return { floating_ip_pools: [] };
  }
}
