import { GenerationalCache } from '@cairn/cache';

import type { Keyring } from '../keyring';
import type { Clock } from '../runtime/ports';
import type { Authenticator, Principal } from './authenticator';
import type { Directory } from './directory';
import { principalOf } from './principal';
import { readToken, type TokenContent } from './token-format';

/** How long the rights of a token stay cached: a revoked role ends after this at the latest. */
const TRUST_MS = 2_000;
const MAX_TOKENS = 20_000;

interface Known {
  readonly content: TokenContent;
  readonly expiresAt: number;
  /** Absent until asked for. */
  checked?: { readonly at: number; readonly principal: Promise<Principal | undefined> };
}

/** Proves tokens by their MAC and keeps them parsed; reads their rights from the read model every few seconds. */
export class TokenAuthenticator implements Authenticator {
  private known = new GenerationalCache<string, Known>(MAX_TOKENS);

  constructor(
    private readonly keyring: Pick<Keyring, 'mac'>,
    private readonly directory: Pick<Directory, 'standing'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async authenticate(text: string): Promise<Principal | undefined> {
    const known = this.known.get(text) ?? this.parse(text);
    if (known === undefined) return undefined;
    const now = Date.parse(this.clock.now());
    if (known.expiresAt <= now) return undefined;
    if (known.checked === undefined || Math.abs(now - known.checked.at) >= TRUST_MS) {
      const principal = this.check(known.content);
      known.checked = { at: now, principal };
      principal.catch(() => {
        delete known.checked; // the next request asks again
      });
    }
    return known.checked.principal;
  }

  forget(): void {
    this.known = new GenerationalCache<string, Known>(MAX_TOKENS);
  }

  private parse(text: string): Known | undefined {
    const content = readToken(text, this.keyring);
    if (content === undefined) return undefined;
    const known: Known = { content, expiresAt: Date.parse(content.expiresAt) };
    this.known.set(text, known);
    return known;
  }

  private async check(content: TokenContent): Promise<Principal | undefined> {
    const standing = await this.directory.standing(content.id, content.userId, content.projectId);
    return principalOf(content, standing);
  }
}
