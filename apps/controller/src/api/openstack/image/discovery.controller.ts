import { own } from '@cairn/domain';
import { Controller, Get, Param } from '@nestjs/common';

import { HttpProblem, Policy } from '../../http';
import { SCHEMAS } from './schema/documents';

/** What clients ask before they do something unusual: schemas, ways to import, stores. */
@Controller('v2')
export class DiscoveryController {
  /** @throws HttpProblem 404 for a schema that Glance does not have. */
  @Get('schemas/:name')
  @Policy('get_image_schema')
  schema(@Param('name') name: string): object {
    const schema = own(SCHEMAS, name);
    if (schema === undefined) throw new HttpProblem(404);
    return schema;
  }

  /** Images come by upload only, so clients that would rather import are told that there is no way to. */
  @Get('info/import')
  @Policy('get_import_info')
  imports(): object {
    return { 'import-methods': { description: 'Import methods available.', type: 'array', value: [] } };
  }

  @Get('info/stores')
  @Policy('get_stores_info')
  stores(): never {
    throw new HttpProblem(404, 'Multi backend is not supported at this site.');
  }
}
