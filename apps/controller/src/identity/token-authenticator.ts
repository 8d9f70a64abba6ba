import { GenerationalCache } from '@cairn/cache';
import { type Project, streamRef, type User } from '@cairn/domain';
import type { Keyring } from '../keyring';
import type { Random } from '../random';
import type { Clock, Executor } from '../runtime/ports';
import type { Authenticator, IssuedToken, Principal, TokenRequest } from './authenticator';
import type { Currency } from './directory';
import { principalOf } from './principal';
import { SteadyTime } from './steady-time';
import { readToken, type TokenContent, writeToken } from './token-format';

const MAX_TOKENS = 20_000;
const AUDIT_ID_BYTES = 16;

interface Known {
  readonly content: TokenContent;
  readonly expiresAt: number;
  /** What the states made of it, for as long as they are the same. */
  checked?: {
    readonly user: User;
    readonly project: Project | undefined;
    readonly principal: Principal | undefined;
  };
}

export interface AuthenticatorPorts {
  readonly keyring: Pick<Keyring, 'mac'>;
  readonly executor: Pick<Executor, 'state'>;
  readonly currency: Currency;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'bytes'>;
  /** How long a token lives. */
  readonly ttlMs: number;
  /** For tests; see `SteadyTime`. */
  readonly elapsed?: () => number;
}

/**
 * Proves tokens by their MAC and keeps them parsed. Their rights follow from the states of user and project, which the
 * process holds and keeps current: a change counts from its acknowledgement on.
 */
export class TokenAuthenticator implements Authenticator {
  private readonly known = new GenerationalCache<string, Known>(MAX_TOKENS);
  private readonly time: SteadyTime;

  constructor(private readonly ports: AuthenticatorPorts) {
    this.time = new SteadyTime(ports.clock, ports.elapsed);
  }

  async authenticate(text: string): Promise<Principal | undefined> {
    const known = this.known.get(text) ?? this.parse(text);
    if (known === undefined || known.expiresAt <= this.time.now()) return undefined;
    const { executor, currency } = this.ports;
    const unproven = currency.proven();
    if (unproven !== undefined) await unproven;
    const { userId, projectId } = known.content;
    const [user, project] = await Promise.all([
      executor.state(streamRef('user', userId)),
      projectId === null ? undefined : executor.state(streamRef('project', projectId)),
    ]);
    if (known.checked?.user !== user || known.checked.project !== project)
      known.checked = { user, project, principal: principalOf(known.content, user, project) };
    return known.checked.principal;
  }

  issue({ user, project, methods, expiresAt }: TokenRequest): IssuedToken | undefined {
    const { keyring, random, ttlMs } = this.ports;
    const now = this.time.now();
    const at = (ms: number): string => new Date(ms).toISOString();
    const content: TokenContent = {
      id: random.bytes(AUDIT_ID_BYTES).toString('base64url'),
      userId: user.record?.userId ?? '',
      projectId: project?.record?.projectId ?? null,
      methods,
      issuedAt: at(now),
      expiresAt: expiresAt ?? at(now + ttlMs),
      userEpoch: user.epoch,
      projectEpoch: project?.epoch ?? 0,
    };
    const principal = principalOf(content, user, project);
    return principal === undefined ? undefined : { text: writeToken(content, keyring), principal };
  }

  private parse(text: string): Known | undefined {
    const content = readToken(text, this.ports.keyring);
    if (content === undefined) return undefined;
    const known: Known = { content, expiresAt: Date.parse(content.expiresAt) };
    this.known.set(text, known);
    return known;
  }
}
