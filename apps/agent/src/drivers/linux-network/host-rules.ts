import type { SecurityBook } from '../../ports/guards';
import { type Finding, METADATA_PROXY_PORT } from '../../ports/host-network.port';
import { CommandFailed, runCommand } from '../host-command';
import { Standby, type StandbyOptions } from '../standby';

import { networkFailure } from './check-port';
import { watchBridges } from './kernel-settings';
import { differences, droppingChains, drops, type ListedRules, listedRules, listingOf } from './listed-rules';
import { tapName } from './names';
import type { CarriedAddress } from './nat';
import type { Overlay } from './overlay-rules';
import type { Service } from './own-services';
import { emptyRuleset, type PortedNetwork, ruleset, type RulesetOptions } from './ruleset';
import { NO_RULES, securityRules, type SecurityRules, setChanges } from './security-rules';

export interface HostRulesOptions {
  /** Name of the nftables tables. Two drivers on one host (a test beside a cloud) need two. */
  readonly table?: string;
  readonly metadataPort?: number;
  /** Services elsewhere that guests must not reach under this host's address; none unless told. Asked at each change. */
  readonly closed?: () => Promise<readonly Service[]>;
  /** Services that guests may reach although they are closed, also of this host; none unless told. */
  readonly open?: readonly Service[];
  /** Whether security groups filter what guests send and get; if not, everything passes. */
  readonly filters?: boolean;
}

/**
 * nft clears half a megabyte for each table that it reads or finds, in pieces that it gives back and asks for again. Large
 * pages that it keeps are 30 ms less of page faults on a virtual machine; a C library without such settings ignores them.
 */
const NFT: StandbyOptions = {
  program: 'nft',
  args: ['-f', '-'],
  environment: {
    GLIBC_TUNABLES: [
      'glibc.malloc.hugetlb=1',
      'glibc.malloc.mmap_threshold=16777216',
      'glibc.malloc.trim_threshold=16777216',
      'glibc.malloc.top_pad=4194304',
    ].join(':'),
  },
  spares: 1,
};

/** What the host was told, besides its ports. */
export interface HostTold {
  security(): Promise<SecurityBook>;
  /** The addresses outside that lead to guests of these networks. */
  carried(networks: readonly PortedNetwork[]): Promise<readonly CarriedAddress[]>;
  /** Those of these networks that span hosts. */
  overlays(networks: readonly PortedNetwork[]): Promise<readonly Overlay[]>;
}

/** A ruleset without the elements of its sets, and those. */
interface Given {
  readonly shape: string;
  readonly sets: SecurityRules['sets'];
}

/** Shows rules as nftables lists them, without touching any: in a network name space of its own. */
const LIST_GIVEN = ['--net', 'sh', '-c', 'nft -f - && nft -j list ruleset'];

/** The host's tables of nftables. */
export class HostRules {
  private readonly options: Omit<RulesetOptions, 'closed' | 'carried' | 'overlays'>;
  private readonly filters: boolean;
  private readonly nftables = new Standby(NFT);
  /** What nftables was given last; undefined where that is not known. */
  private given: Given | undefined;
  /** How nftables lists some commands that it is given. */
  private listed: { readonly commands: string; readonly rules: ListedRules } | undefined;

  constructor(
    private readonly asked: HostRulesOptions,
    private readonly told: HostTold,
  ) {
    const { table = 'cairn', metadataPort = METADATA_PROXY_PORT, open = [], filters = true } = asked;
    this.options = { table, metadataPort, open };
    this.filters = filters;
  }

  /** Gives nftables the rules of these networks, whole, whatever it has. */
  async apply(networks: readonly PortedNetwork[]): Promise<void> {
    if (networks.length > 0) {
      if (this.filters) await watchBridges();
      return this.give(await this.rulesOf(networks));
    }
    this.given = undefined;
    return this.nft(emptyRuleset(this.options));
  }

  /**
   * After a change of security groups alone. Where only members have come or gone, the elements of their sets change and
   * nothing else does.
   */
  async refilter(networks: readonly PortedNetwork[]): Promise<void> {
    if (!this.filters) return;
    await watchBridges();
    const rules = await this.rulesOf(networks);
    const { given } = this;
    if (given?.shape !== rules.shape) return this.give(rules);
    const changes = setChanges(this.options.table, given.sets, rules.sets);
    if (changes === '') return;
    try {
      await this.nft(changes);
      this.given = rules;
    } catch {
      await this.give(rules); // somebody has changed the tables
    }
  }

  /** Compares what nftables has with what these networks need, by one list of all. */
  async inspect(networks: readonly PortedNetwork[]): Promise<readonly Finding[]> {
    const { table } = this.options;
    const none: ListedRules = new Map(); // without networks there are no tables
    const should = networks.length === 0 ? none : await this.listOf(commandsOf(await this.rulesOf(networks), table));
    const shown = listingOf(await runCommand('nft', ['-j', 'list', 'ruleset']));
    const taps = new Map(
      networks.flatMap(({ ports }) =>
        ports.map(({ instanceId, index }) => [tapName(instanceId, index), instanceId] as const),
      ),
    );
    const wrong = differences(should, listedRules(shown, table)).map(([name, what]): Finding => {
      const instanceId = [...taps].find(([tap]) => name.includes(tap))?.[1];
      const of = instanceId === undefined ? {} : { instanceId };
      return { topic: 'rules', name, verdict: 'wrong', says: `The ${name} ${what}.`, ...of };
    });
    const dropping = droppingChains(shown, table).map((name): Finding => {
      const says = `The ${name}, which is not Cairn's, drops forwarded packets that it does not name: perhaps those of guests.`;
      return { topic: 'rules', name, verdict: 'advice', says };
    });
    const dropped = drops(shown, table).map(({ chain, why, packets }): Finding => {
      const [tap, instanceId] = [...taps].find(([name]) => chain.endsWith(name)) ?? [];
      const whose = tap === undefined ? 'guests' : `the guest behind ${tap}`;
      const says = `Dropped, as it came from or was for ${whose}: ${String(packets)} packet(s) (${why}).`;
      return { topic: 'dropped', name: `${chain}: ${why}`, verdict: 'right', says, ...(instanceId && { instanceId }) };
    });
    if (wrong.length > 0) return [...wrong, ...dropping, ...dropped];
    const says = `The tables ${table} have the ${String(should.size)} chains, sets and maps that they should.`;
    return [{ topic: 'rules', name: table, verdict: 'right', says }, ...dropping, ...dropped];
  }

  private async listOf(commands: string): Promise<ListedRules> {
    if (this.listed?.commands !== commands) {
      const shown = listingOf(await runCommand('unshare', LIST_GIVEN, { input: commands }));
      this.listed = { commands, rules: listedRules(shown, this.options.table) };
    }
    return this.listed.rules;
  }

  async remove(): Promise<void> {
    await this.apply([]);
    this.nftables.dismiss();
  }

  private async rulesOf(networks: readonly PortedNetwork[]): Promise<Given> {
    const closed = (await this.asked.closed?.()) ?? [];
    const [carried, overlays] = [await this.told.carried(networks), await this.told.overlays(networks)];
    const options: RulesetOptions = { ...this.options, closed, carried, overlays };
    if (!this.filters) return { shape: ruleset(networks, options), sets: NO_RULES.sets };
    const ports = networks.flatMap((network) => network.ports);
    const security = securityRules(ports, await this.told.security());
    return { shape: ruleset(networks, options, security), sets: security.sets };
  }

  private async give(rules: Given): Promise<void> {
    this.given = undefined;
    await this.nft(commandsOf(rules, this.options.table));
    this.given = rules;
  }

  private async nft(commands: string): Promise<void> {
    try {
      await this.nftables.run(commands);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      throw networkFailure(`nftables refuses the host's rules: ${error.stderr}`, { cause: error });
    }
  }
}

const commandsOf = ({ shape, sets }: Given, table: string): string => shape + setChanges(table, new Map(), sets);
