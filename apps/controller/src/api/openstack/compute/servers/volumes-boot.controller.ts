import { Controller } from '@nestjs/common';
import { computePaths } from '../shared/compute-request';
import { ServerActionsController } from './server-actions.controller';
import { ServersController } from './servers.controller';

/** Another name for `servers`, by which clients once asked for those that boot from volumes (nova 26.1, `ROUTE_LIST`). */
@Controller(computePaths('os-volumes_boot'))
export class VolumesBootController extends ServersController {}

@Controller(computePaths('os-volumes_boot/:id/action'))
export class VolumesBootActionsController extends ServerActionsController {}
