import { hostname } from 'node:os';
import { type CommandOf, streamRef } from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock, CommandContext } from '../../../../runtime/ports';
import { HostQuery } from '../../../../application/host/host.query';
import { CLOCK, Writes } from '../../../../application/core';
import { HttpProblem } from '../../../http';
import { badRequest } from '../shared/additional';
import { computeService, controllerServices, type ServiceView } from './service.presenter';

/** What an administrator says of a host. */
export type Statement = Extract<
  CommandOf<'host'>,
  { type: 'EnableHost' | 'DisableHost' | 'ForceHostDown' | 'ClearForceDown' }
>;

/** All services: this controller's own, and one on each host. */
@Injectable()
export class ServiceList {
  constructor(
    private readonly hosts: HostQuery,
    private readonly writes: Writes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async all(): Promise<readonly ServiceView[]> {
    const now = this.clock.now();
    const hosts = await this.hosts.all();
    return [...controllerServices(hostname(), now), ...hosts.map((row) => computeService(row, now))];
  }

  /** @throws HttpProblem 404, or 400 for a part of the controller, which is what it is. */
  async ofHost(is: (service: ServiceView) => boolean, missing: string): Promise<ServiceView> {
    const found = (await this.all()).find(is);
    if (found === undefined) throw new HttpProblem(404, missing);
    if (found.ofController)
      throw badRequest(`binary: ${found.binary} is a part of the controller: always enabled, and up.`);
    return found;
  }

  /** @param service of a host */
  async state({ uuid }: ServiceView, statement: Statement, context: CommandContext): Promise<void> {
    await this.writes.execute(streamRef('host', uuid), statement, context);
  }
}
