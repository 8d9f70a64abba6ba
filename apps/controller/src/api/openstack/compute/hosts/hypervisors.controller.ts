import { Controller, Get, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isUp } from '@cairn/domain';
import type { HostRow } from '@cairn/projections';
import { ReadUptime } from '../../../../application/host/host.handlers';
import { HostQuery } from '../../../../application/host/host.query';
import { lastOf, Lists, type Page } from '../../../../application/lists';
import { Policy, HttpProblem } from '../../../http';
import { booleanWord } from '../../boolean-words';
import { badRequest, invalidUuid, requireKnownParameters } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { Until } from '../shared/compute-request.guard';
import { invalidInput, presentPage } from '../shared/nova-lists';
import { isUuid } from '../shared/validators';
import { HYPERVISORS, HYPERVISORS_BY_UUID, PATTERN, WITH_SERVERS } from './host-lists';
import {
  type HypervisorViewer,
  hypervisorName,
  presentHypervisor,
  presentHypervisorBrief,
  presentStatistics,
} from './hypervisor.presenter';
import { UUIDS_SINCE } from './service.presenter';

/** Routes that parameters of the list replace. */
const NAMED_UNTIL = UUIDS_SINCE - 1;
/** From here on hosts tell how long they have been up in every answer that shows them whole. */
const UPTIME_SINCE = 88;

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
    const page = await this.page(request);
    const viewer = await this.viewer(page.rows, request, isWithServers(request));
    return presentPage('hypervisors', 'os-hypervisors', page, request, (row) => presentHypervisorBrief(row, viewer));
  }

  @Get('detail')
  async detail(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const page = await this.page(request);
    const viewer = await this.wholeViewer(page.rows, request, isWithServers(request));
    return presentPage('hypervisors', 'os-hypervisors/detail', page, request, (row) => presentHypervisor(row, viewer));
  }

  @Get('statistics')
  @Until(UPTIME_SINCE - 1)
  async statistics(): Promise<unknown> {
    return presentStatistics(await this.hosts.all(), await this.loads());
  }

  @Get(':id')
  async show(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownParameters(request, [WITH_SERVERS], UUIDS_SINCE);
    const row = await this.one(id, request);
    const viewer = await this.wholeViewer([row], request, isWithServers(request));
    return { hypervisor: presentHypervisor(row, viewer) };
  }

  /** Asked of the host itself, so only of one that is up (nova 26.1: 400). */
  @Get(':id/uptime')
  @Until(UPTIME_SINCE - 1)
  async uptime(@Param('id') id: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const row = await this.one(id, request);
    if (!isUp(row)) throw badRequest(`Compute service of ${row.name} is unavailable at this time.`);
    const uptime = await this.commands.execute(new ReadUptime(row.id));
    return { hypervisor: { ...presentHypervisorBrief(row, request), uptime } };
  }

  @Get(':pattern/search')
  @Until(NAMED_UNTIL)
  async search(@Param('pattern') pattern: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    return { hypervisors: (await this.named(pattern)).map((row) => presentHypervisorBrief(row, request)) };
  }

  @Get(':pattern/servers')
  @Until(NAMED_UNTIL)
  async servers(@Param('pattern') pattern: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const rows = await this.named(pattern);
    const viewer = await this.viewer(rows, request, true);
    return { hypervisors: rows.map((row) => presentHypervisorBrief(row, viewer)) };
  }

  /** Names are looked for in all hypervisors: nova 26.1 has no pages of those that it finds. */
  private async page(request: ComputeRequest): Promise<Page<HostRow>> {
    const { minor, query } = request;
    if (minor < UUIDS_SINCE) return this.lists.page(HYPERVISORS, request);
    const pattern = lastOf(query, PATTERN);
    if (pattern === undefined) return this.lists.page(HYPERVISORS_BY_UUID, request);
    if (query.has('limit') || query.has('marker'))
      throw badRequest(`Paging over hypervisors with the ${PATTERN} query parameter is not supported.`);
    const { rows } = await this.lists.page(HYPERVISORS_BY_UUID, request);
    if (rows.length === 0) throw noHypervisor(pattern);
    return { rows, next: null };
  }

  private async viewer(
    rows: readonly HostRow[],
    { minor }: ComputeRequest,
    withServers: boolean,
  ): Promise<HypervisorViewer> {
    const loadOf = await this.loads();
    if (!withServers) return { minor, loadOf };
    const servers = await this.hosts.serversOn(rows.map(({ id }) => id));
    return { minor, loadOf, serversOf: ({ id }) => servers.get(id) ?? [] };
  }

  private async wholeViewer(
    rows: readonly HostRow[],
    request: ComputeRequest,
    withServers: boolean,
  ): Promise<HypervisorViewer> {
    const viewer = await this.viewer(rows, request, withServers);
    return request.minor < UPTIME_SINCE ? viewer : { ...viewer, uptimes: await this.uptimes(rows) };
  }

  /** Of the hosts that answer; nobody waits for one that is down. */
  private async uptimes(rows: readonly HostRow[]): Promise<ReadonlyMap<string, string>> {
    const asked = rows
      .filter(isUp)
      .map(async ({ id }) => [id, await this.commands.execute(new ReadUptime(id))] as const);
    const answered = await Promise.allSettled(asked);
    return new Map(answered.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
  }

  private async loads(): Promise<HypervisorViewer['loadOf']> {
    const workloads = await this.hosts.workloads();
    return ({ id }) => ({ workload: workloads.get(id) ?? 0 });
  }

  private async one(id: string, { minor }: ComputeRequest): Promise<HostRow> {
    if (minor >= UUIDS_SINCE && !isUuid(id)) throw invalidUuid(id);
    const is = minor < UUIDS_SINCE ? ({ number }: HostRow) => String(number) === id : (row: HostRow) => row.id === id;
    const row = (await this.hosts.all()).find(is);
    if (row === undefined) throw new HttpProblem(404, `Hypervisor with ID '${id}' could not be found.`);
    return row;
  }

  /** Part of a name, as in nova. @throws HttpProblem 404 when none has it. */
  private async named(pattern: string): Promise<readonly HostRow[]> {
    const part = pattern.toLowerCase();
    const found = (await this.hosts.all()).filter((row) => hypervisorName(row).toLowerCase().includes(part));
    if (found.length === 0) throw noHypervisor(pattern);
    return found;
  }
}

const noHypervisor = (pattern: string): HttpProblem =>
  new HttpProblem(404, `No hypervisor matching '${pattern.slice(0, 255)}' could be found.`);

/** @throws HttpProblem 400 for a word that is neither true nor false. */
function isWithServers({ minor, query }: ComputeRequest): boolean {
  const text = minor < UUIDS_SINCE ? undefined : lastOf(query, WITH_SERVERS);
  if (text === undefined) return false;
  const flag = booleanWord(text);
  if (flag === undefined) throw invalidInput(`${WITH_SERVERS}: '${text.slice(0, 255)}' is neither true nor false`);
  return flag;
}
