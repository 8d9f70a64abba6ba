import { Controller, Get } from '@nestjs/common';
import { Policy } from '../../../http';
import { notBuilt } from '../shared/additional';
import { computePaths } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';

const RULE = 'os_compute_api:os-baremetal-nodes';

/** Nova's proxy for Ironic, where there is no Ironic. */
@Controller(computePaths('os-baremetal-nodes'))
@Until(LAST_PROXY)
export class BaremetalController {
  @Get()
  @Policy(`${RULE}:list`)
  index(): never {
    throw notBuilt();
  }

  @Get(':id')
  @Policy(`${RULE}:show`)
  show(): never {
    throw notBuilt();
  }
}
