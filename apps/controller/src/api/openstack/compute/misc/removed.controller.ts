import { Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { Removed } from '../../../http';
import { gone } from '../shared/additional';
import { computePaths } from '../shared/compute-request';

/**
 * What nova has removed with the part that served it, and still knows (nova 26.1, the controllers that raise HTTPGone), by
 * method. The calls of nova-network that Cairn serves are not among them.
 */
const REMOVED = {
  GET: [
    'os-agents',
    'os-cells',
    'os-cells/capacities',
    'os-cells/detail',
    'os-cells/info',
    'os-cells/:id',
    'os-cells/:id/capacities',
    'os-certificates/:id',
    'os-cloudpipe',
    'os-fping',
    'os-fping/:id',
    'servers/:id/consoles',
    'servers/:id/consoles/:consoleId',
  ],
  POST: ['os-agents', 'os-cells', 'os-cells/sync_instances', 'os-certificates', 'os-cloudpipe', 'servers/:id/consoles'],
  PUT: ['os-agents/:id', 'os-cells/:id', 'os-cloudpipe/:id'],
  DELETE: ['os-agents/:id', 'os-cells/:id', 'servers/:id/consoles/:consoleId'],
} as const;

const paths = (method: keyof typeof REMOVED): string[] => REMOVED[method].flatMap(computePaths);

/** Answers 410 to every caller with a token, in every microversion. */
@Controller()
@Removed()
export class RemovedController {
  @Get(paths('GET'))
  read(): never {
    throw gone();
  }

  @Post(paths('POST'))
  create(): never {
    throw gone();
  }

  @Put(paths('PUT'))
  update(): never {
    throw gone();
  }

  @Delete(paths('DELETE'))
  remove(): never {
    throw gone();
  }
}
