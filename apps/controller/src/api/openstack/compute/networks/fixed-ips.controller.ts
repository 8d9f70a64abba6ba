import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { parseIpv4 } from '@cairn/domain';
import { commandContext, RANDOM } from '../../../../application/core';
import { FixedIps } from '../../../../application/network/fixed-ips';
import { ServerQuery } from '../../../../application/server/server.query';
import type { Random } from '../../../../random';
import { HttpProblem, isObject, Policy, shown } from '../../../http';
import { actionIn, noSuchAction } from '../shared/action-body';
import { badRequest, invalidField } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { LAST_PROXY, Until } from '../shared/compute-request.guard';

const RULE = 'os_compute_api:os-fixed-ips';

/** From here on fixed addresses say whether they are reserved. */
const TELLS_RESERVED = 4;

/** nova's `parameter_types.none`. */
const isNone = (value: unknown): boolean =>
  value === null || value === 'None' || (isObject(value) && Object.keys(value).length === 0);

/** Single addresses of networks, for administrators (nova 14.1). */
@Controller(computePaths('os-fixed-ips'))
@Until(LAST_PROXY)
export class FixedIpsController {
  constructor(
    private readonly fixedIps: FixedIps,
    private readonly servers: ServerQuery,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get(':id')
  @Policy(RULE)
  async show(@Param('id') address: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    if (parseIpv4(address) === undefined) throw badRequest(`Fixed IP address ${address.slice(0, 255)} is invalid.`);
    const found = await this.fixedIps.find(address);
    if (found === undefined) throw new HttpProblem(404, `Fixed IP not found for address ${address}.`);
    const server = found.instanceId === null ? null : await this.servers.find(found.instanceId);
    const host = server === null ? undefined : (await this.servers.hostsOf([server])).get(server.hostId ?? '');
    return {
      fixed_ip: {
        address,
        cidr: found.cidr,
        host: host?.name ?? null,
        hostname: server?.hostname ?? null,
        ...(minor >= TELLS_RESERVED ? { reserved: found.reserved } : {}),
      },
    };
  }

  @Post(':id/action')
  @HttpCode(202)
  @Policy(RULE)
  async act(
    @Param('id') address: string,
    @Body() body: unknown,
    @FromCompute() { caller }: ComputeRequest,
  ): Promise<void> {
    const [name, value] = actionIn(body);
    if (name !== 'reserve' && name !== 'unreserve') throw noSuchAction(name);
    if (!isNone(value)) throw invalidField(name, value, `${shown(value)} is not one of ['None', None, {}]`);
    if (parseIpv4(address) === undefined) throw badRequest(`Fixed IP ${address.slice(0, 255)} not valid`);
    const context = commandContext(caller, `${name}-fixed-ip/${address}`, this.random);
    await this.fixedIps.setReserved(address, name === 'reserve', context);
  }
}
