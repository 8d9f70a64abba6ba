import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../../runtime/ports';
import { HostQuery } from '../../../../application/host/host.query';
import { CLOCK } from '../../../../application/core';
import { computeService, controllerServices, type ServiceView } from './service.presenter';

/** All services: this controller's own, and one on each host. */
@Injectable()
export class ServiceList {
  constructor(
    private readonly hosts: HostQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async all(): Promise<readonly ServiceView[]> {
    const now = this.clock.now();
    const hosts = await this.hosts.all();
    return [...controllerServices(hostname(), now), ...hosts.map((row) => computeService(row, now))];
  }
}
