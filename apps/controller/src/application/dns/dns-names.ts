import {
  DNS,
  type Dns,
  type DnsDomain,
  type DnsEntry,
  type DnsName,
  DomainError,
  entriesAt,
  entryKey,
  isIn,
} from '@cairn/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, Executor } from '../../runtime/ports';
import { EXECUTOR, Writes } from '../core';
import { FloatingIps } from '../floating-ip/floating-ips';
import { FloatingPools } from '../floating-ip/floating-pools';

/** Domains, and the names in them that stand for addresses. Read from their stream: what was written a moment ago is there. */
@Injectable()
export class DnsNames {
  constructor(
    @Inject(EXECUTOR) private readonly executor: Executor,
    private readonly writes: Writes,
    private readonly floatingIps: FloatingIps,
    private readonly pools: FloatingPools,
  ) {}

  async domains(): Promise<readonly DnsDomain[]> {
    return [...(await this.state()).domains.values()];
  }

  /** Entries of a domain by their name, at most one, or by their address. */
  async entries(
    domain: string,
    by: { readonly name: string } | { readonly address: string },
  ): Promise<readonly DnsEntry[]> {
    const state = await this.state();
    if ('address' in by) return entriesAt(state, domain, by.address);
    const entry = state.entries.get(entryKey({ domain, name: by.name }));
    return entry === undefined ? [] : [entry];
  }

  async setDomain(domain: DnsDomain, context: CommandContext): Promise<void> {
    await this.writes.execute(DNS, { type: 'SetDnsDomain', data: domain }, context);
  }

  /** @throws DomainError `dns.domain-not-found`. */
  async deleteDomain(domain: string, context: CommandContext): Promise<void> {
    await this.writes.execute(DNS, { type: 'DeleteDnsDomain', data: { domain } }, context);
  }

  /**
   * @param by the project that asks; null for an administrator.
   * @throws DomainError `dns.domain-not-found`, `dns.forbidden`, `dns.quota`, or `floating-ip.not-found` for an address of a
   * pool that the project does not have: names do not lead to others, and addresses do not lead back to names of others.
   */
  async setEntry(name: DnsName, address: string, by: string | null, context: CommandContext): Promise<void> {
    if (by !== null) await this.requireOwn(address, by);
    await this.writes.execute(DNS, { type: 'SetDnsEntry', data: { ...name, address, by } }, context);
  }

  /** @throws DomainError `dns.domain-not-found`, `dns.entry-not-found`, `dns.forbidden`. */
  async deleteEntry(name: DnsName, by: string | null, context: CommandContext): Promise<void> {
    await this.writes.execute(DNS, { type: 'DeleteDnsEntry', data: { ...name, by } }, context);
  }

  /** @throws DomainError `floating-ip.not-found` for an address of a pool that the project does not have. */
  private async requireOwn(address: string, projectId: string): Promise<void> {
    const isPooled = (await this.pools.all()).some(({ ranges }) => ranges.some((range) => isIn(range, address)));
    if (isPooled && (await this.floatingIps.at(address, projectId)) === undefined)
      throw new DomainError('not-found', 'floating-ip.not-found', `Floating IP not found for address ${address}.`);
  }

  private state(): Promise<Dns> {
    return this.executor.latest(DNS);
  }
}
