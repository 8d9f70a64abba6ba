import { Controller, Get, Param } from '@nestjs/common';
import { HttpProblem, Policy } from '../../../http';
import { computePaths } from '../shared/compute-request';
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
