import { Controller, Get, Param } from '@nestjs/common';
import { HttpProblem, Policy } from '../../../http';
import { computePaths } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';
import { EXTENSIONS } from './extensions';

@Controller(computePaths('extensions'))
export class ExtensionsController {
  @Get()
  @Policy('os_compute_api:extensions')
  index(): unknown {
    return { extensions: EXTENSIONS };
  }

  @Get(':alias')
  @Policy('os_compute_api:extensions')
  show(@Param('alias') alias: string): unknown {
    const extension = EXTENSIONS.find((known) => known.alias === alias);
    if (extension === undefined) throw new HttpProblem(404);
    return { extension };
  }
}

/** Nobody can make any yet; clients list them before they show a server or a project. */
@Controller()
export class EmptyListsController {
  @Get(computePaths('os-floating-ips'))
  @Policy('os_compute_api:os-floating-ips:list')
  @Until(LAST_PROXY)
  floatingIps(): unknown {
    return { floating_ips: [] };
  }

  @Get(computePaths('os-floating-ip-pools'))
  @Policy('os_compute_api:os-floating-ip-pools')
  @Until(LAST_PROXY)
  floatingIpPools(): unknown {
    return { floating_ip_pools: [] };
  }
}
