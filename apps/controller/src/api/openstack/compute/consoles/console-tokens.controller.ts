import { DomainError, hostOf } from '@cairn/domain';
import { Controller, Get, Inject, Param } from '@nestjs/common';

import { type Admission, ConsoleAccess } from '../../../../application/console/console-access';
import { CONFIG } from '../../../../application/core';
import type { ControllerConfig } from '../../../../config';
import { HttpProblem, Policy } from '../../../http';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';

/** Before, only consoles of a kind that Cairn does not serve could be looked up. */
const ALL_TYPES_SINCE = 31;

/** What the token of a console opens, for operators' own proxies. */
@Controller(computePaths('os-console-auth-tokens'))
export class ConsoleTokensController {
  constructor(
    private readonly access: ConsoleAccess,
    @Inject(CONFIG) private readonly config: ControllerConfig,
  ) {}

  /** Hosts do not serve consoles to others: the port is the one that this controller serves them at. */
  @Get(':token')
  @Policy('os_compute_api:os-console-auth-tokens')
  async show(@Param('token') token: string, @FromCompute() { minor }: ComputeRequest): Promise<unknown> {
    const { instanceId, instance } = await this.admitted(token);
    if (minor < ALL_TYPES_SINCE) throw new HttpProblem(401, 'The requested console type details are not accessible');
    return {
      console: {
        instance_uuid: instanceId,
        host: hostOf(instance)?.hostName ?? null,
        port: this.config.ports.console,
        internal_access_path: null,
      },
    };
  }

  private async admitted(token: string): Promise<Admission> {
    try {
      return await this.access.admit(token);
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'forbidden') throw new HttpProblem(404, 'Token not found');
      throw error;
    }
  }
}
