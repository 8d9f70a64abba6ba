import { Controller, Get, Param } from '@nestjs/common';
import { Admin, HttpProblem } from '../../../http';
import { computePaths } from '../shared/compute-request';
import { EXTENSIONS } from './extensions';

@Controller(computePaths('extensions'))
export class ExtensionsController {
  @Get()
  index(): unknown {
    return { extensions: EXTENSIONS };
  }

  @Get(':alias')
  show(@Param('alias') alias: string): unknown {
    const extension = EXTENSIONS.find((known) => known.alias === alias);
    if (extension === undefined) throw new HttpProblem(404);
    return { extension };
  }
}

/** There are none yet; clients ask before they show a hypervisor. */
@Controller(computePaths('os-aggregates'))
export class AggregatesController {
  @Get()
  @Admin('os_compute_api:os-aggregates:index')
  index(): unknown {
    return { aggregates: [] };
  }

  @Get(':id')
  @Admin('os_compute_api:os-aggregates:show')
  show(@Param('id') id: string): never {
    throw new HttpProblem(404, `Aggregate ${id} could not be found.`);
  }
}
