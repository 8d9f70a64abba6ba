import { DomainError, hostOf, type Instance, streamRef } from '@cairn/domain';
import type { HostQuery, QueryKind } from '@cairn/host-protocol';
import { Inject, Injectable } from '@nestjs/common';
import type { Random } from '../../random';
import type { Executor } from '../../runtime/ports';
import { NoReply, type ReplyBroker } from '../../runtime/replies';
import { EXECUTOR, RANDOM, REPLIES } from '../core';
import { ownServer, serverNotFound } from './own-server';

const PATIENCE_MS = 10_000;

/** Asks the host of a server about its guest. Changes nothing. */
@Injectable()
export class AskGuest {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    @Inject(REPLIES) private readonly replies: ReplyBroker,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  /**
   * The server, if it is on a host.
   * @param projectId the project that must own it; null for administrators
   * @throws DomainError `not-found`, or `instance.not-ready` without a host.
   */
  async guest(instanceId: string, projectId: string | null): Promise<Instance & { readonly hostId: string }> {
    const instance = await ownServer(this.executor, { instanceId, projectId });
    if (instance.vmState === 'deleted') throw serverNotFound(instanceId);
    const host = hostOf(instance);
    if (host?.claimed !== true)
      throw new DomainError('conflict', 'instance.not-ready', `Instance ${instanceId} is not ready`);
    return { ...instance, hostId: host.hostId };
  }

  /** @throws DomainError as `guest`, and `unavailable` when its host is silent. */
  async ask<K extends QueryKind>(
    instanceId: string,
    projectId: string | null,
    kind: K,
    payload: HostQuery<K>['payload'],
  ): Promise<string> {
    const { hostId } = await this.guest(instanceId, projectId);
    const resource = streamRef('instance', instanceId);
    const query = { kind, requestId: this.random.uuid(), resource, payload } as HostQuery;
    try {
      return await this.replies.ask(hostId, query, PATIENCE_MS);
    } catch (error) {
      if (!(error instanceof NoReply)) throw error;
      throw new DomainError('unavailable', 'host.no-reply', 'The host of the instance did not answer in time.');
    }
  }
}
