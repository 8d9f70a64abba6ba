import { HostRow, MigrationRow } from '@cairn/projections';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { all, equal, Lists, oneOf } from '../../../../application/lists';
import { HttpProblem, Policy, shown } from '../../../http';
import { ServerReader } from '../servers/server-reader';
import { actionIn, noSuchAction } from '../shared/action-body';
import { invalidField } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Since } from '../shared/compute-request.guard';
import { presentPage } from '../shared/nova-lists';
import { MIGRATIONS, PAGED_MIGRATIONS, PAGES_SINCE } from './migration-list';
import { presentMigration } from './migration.presenter';

@Controller(computePaths('os-migrations'))
export class MigrationsController {
  constructor(private readonly lists: Lists) {}

  @Get()
  @Policy('os_compute_api:os-migrations:index')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { minor } = request;
    const page = await this.lists.page(minor < PAGES_SINCE ? MIGRATIONS : PAGED_MIGRATIONS, request);
    const names = page.rows
      .flatMap(({ sourceHost, destHost }) => [sourceHost, destHost])
      .filter((name) => name !== null);
    const found = names.length === 0 ? [] : await this.lists.rows(HostRow, oneOf('name', [...new Set(names)]));
    const hosts = new Map(found.map((host) => [host.name, host]));
    return presentPage('migrations', 'os-migrations', page, request, (row) => presentMigration(row, { minor, hosts }));
  }
}

/** The live migrations of one server that are under way. Cairn has none: each is answered as nova answers then. */
@Controller(computePaths('servers/:id/migrations'))
export class ServerMigrationsController {
  constructor(
    private readonly lists: Lists,
    private readonly reader: ServerReader,
  ) {}

  @Get()
  @Since(23)
  @Policy('os_compute_api:servers:migrations:index')
  async index(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    await this.reader.one(id, request);
    return { migrations: [] };
  }

  @Get(':number')
  @Since(23)
  @Policy('os_compute_api:servers:migrations:show')
  async show(
    @Param('id') id: string,
    @Param('number') number: string,
    @FromCompute() request: ComputeRequest,
  ): Promise<unknown> {
    await this.reader.one(id, request);
    const name = number.slice(0, 255);
    throw new HttpProblem(
      404,
      (await this.isKnown(id, number))
        ? `Migration ${name} for server ${id} is not live-migration.`
        : `In-progress live migration ${name} is not found for server ${id}.`,
    );
  }

  @Delete(':number')
  @Since(24)
  @HttpCode(202)
  @Policy('os_compute_api:servers:migrations:delete')
  async abort(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<never> {
    const { taskState } = await this.reader.one(id, request);
    throw inTheWay('abort live migration', id, 'task_state', taskState);
  }

  @Post(':number/action')
  @Since(22)
  @HttpCode(202)
  @Policy('os_compute_api:servers:migrations:force_complete')
  async forceComplete(
    @Param('id') id: string,
    @Body() body: unknown,
    @FromCompute() request: ComputeRequest,
  ): Promise<never> {
    requireForceComplete(body);
    const { vmState, taskState } = await this.reader.one(id, request);
    if (vmState !== 'active') throw inTheWay('force_complete', id, 'vm_state', vmState);
    throw inTheWay('force_complete', id, 'task_state', taskState);
  }

  private async isKnown(id: string, number: string): Promise<boolean> {
    if (!/^\d{1,9}$/.test(number)) return false;
    const where = all([equal<MigrationRow>('instanceId', id), equal<MigrationRow>('number', Number(number))]);
    return (await this.lists.rows(MigrationRow, where)).length > 0;
  }
}

/** @throws HttpProblem 400 for anything but `{"force_complete": null}`. */
function requireForceComplete(body: unknown): void {
  const [name, value] = actionIn(body);
  if (name !== 'force_complete') throw noSuchAction(name);
  if (value !== null) throw invalidField(name, value, `${shown(value)} is not of type 'null'`);
}

const inTheWay = (action: string, id: string, attribute: string, value: string | null): HttpProblem =>
  new HttpProblem(409, `Cannot '${action}' instance ${id} while it is in ${attribute} ${value ?? 'None'}`);
