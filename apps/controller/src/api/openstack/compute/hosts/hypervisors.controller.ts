import { Controller, Get, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isUp } from '@cairn/domain';
import type { HostRow } from '@cairn/projections';
import { ReadUptime } from '../../../../application/host/host.handlers';
import { HostQuery } from '../../../../application/host/host.query';
import { Lists } from '../../../../application/lists';
import { Policy, HttpProblem } from '../../../http';
import { badRequest } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { presentPage } from '../shared/nova-lists';
import { HYPERVISORS } from './host-lists';
import {
  type HostLoad,
  hypervisorName,
  presentHypervisor,
  presentHypervisorBrief,
  presentHypervisorServers,
  presentStatistics,
} from './hypervisor.presenter';

@Controller(computePaths('os-hypervisors'))
@Policy('os_compute_api:os-hypervisors')
export class HypervisorsController {
  constructor(
    private readonly hosts: HostQuery,
    private readonly lists: Lists,
    private readonly commands: CommandBus,
  ) {}

  @Get()
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const page = await this.lists.page(HYPERVISORS, request);
    return presentPage('hypervisors', 'os-hypervisors', page, request, presentHypervisorBrief);
  }

  @Get('detail')
  async detail(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const loadOf = await this.loads();
    const page = await this.lists.page(HYPERVISORS, request);
    const present = (row: HostRow): unknown => presentHypervisor(row, loadOf(row), request.minor);
    return presentPage('hypervisors', 'os-hypervisors/detail', page, request, present);
  }

  @Get('statistics')
  async statistics(): Promise<unknown> {
    return presentStatistics(await this.hosts.all(), await this.loads());
  }

  @Get(':id')
  async show(@Param('id') id: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    const row = await this.one(id);
    return { hypervisor: presentHypervisor(row, (await this.loads())(row), minor) };
  }

  /** Asked of the host itself, so only of one that is up (nova 26.1: 400). */
  @Get(':id/uptime')
  async uptime(@Param('id') id: string): Promise<unknown> {
    const row = await this.one(id);
    if (!isUp(row)) throw badRequest(`Compute service of ${row.name} is unavailable at this time.`);
    const uptime = await this.commands.execute(new ReadUptime(row.id));
    return { hypervisor: { ...presentHypervisorBrief(row), uptime } };
  }

  @Get(':pattern/search')
  async search(@Param('pattern') pattern: string): Promise<unknown> {
    return { hypervisors: (await this.named(pattern)).map(presentHypervisorBrief) };
  }

  @Get(':pattern/servers')
  async servers(@Param('pattern') pattern: string): Promise<unknown> {
    const rows = await this.named(pattern);
    const servers = await this.hosts.serversOn(rows.map(({ id }) => id));
    return { hypervisors: rows.map((row) => presentHypervisorServers(row, servers.get(row.id) ?? [])) };
  }

  private async loads(): Promise<(row: HostRow) => HostLoad> {
    const workloads = await this.hosts.workloads();
    return ({ id }) => ({ workload: workloads.get(id) ?? 0 });
  }

  private async one(id: string): Promise<HostRow> {
    const row = (await this.hosts.all()).find(({ number }) => String(number) === id);
    if (row === undefined) throw new HttpProblem(404, `Hypervisor with ID '${id}' could not be found.`);
    return row;
  }

  /** Part of a name, as in nova. @throws HttpProblem 404 when none has it. */
  private async named(pattern: string): Promise<readonly HostRow[]> {
    const part = pattern.toLowerCase();
    const found = (await this.hosts.all()).filter((row) => hypervisorName(row).toLowerCase().includes(part));
    if (found.length === 0) throw new HttpProblem(404, `No hypervisor matching '${pattern}' could be found.`);
    return found;
  }
}
