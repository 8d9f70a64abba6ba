import { streamRef } from '@cairn/domain';
import { MemoryEventStore } from '@cairn/event-store';
import fc from 'fast-check';
import { runs } from '../../../../../libs/projections/src/testing/fast-check';
import type { Proof } from './logins';
import { memoryKeyring } from '../../keyring';
import { systemRandom } from '../../random';
import { systemClock } from '../../runtime/system-clock';
import { idOf, IdentityLab } from './testing/identity-lab';
import { type Issued, PROJECTS, Reference, ROLES, type UnderWay, USERS } from './testing/reference';

const T0 = Date.parse('2026-11-30T12:00:00.000Z');
const PASSWORDS = ['p0', 'p1'] as const;
const HOUR = 3_600_000;

const user = fc.constantFrom(...USERS);
const project = fc.constantFrom(...PROJECTS);
const role = fc.constantFrom(...ROLES);
const scope = fc.option(project, { freq: 3 });
const password = fc.constantFrom(...PASSWORDS);
/** Mostly the right one. */
const right = fc.nat(4).map((n) => n > 0);
const mostly = fc.nat(2).map((n) => n > 0);
const at = fc.nat(1); // which controller is asked
/** The newest mostly: what is done then meets. */
const which = fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(50) });
const kind = <K extends string>(name: K) => fc.constant(name);

const act = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: kind('login'),
      at,
      user,
      scope,
      right,
      slow: fc.boolean(),
      by: fc.option(which, { freq: 1 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind('finish'), at, which }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('exchange'), at, which, scope }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('revoke'), at, which }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('change'), at, user, password }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('enable'), at, user, on: mostly }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('open'), at, project, on: mostly }) },
  { weight: 8, arbitrary: fc.record({ kind: kind('grant'), at, user, project, role }) },
  { weight: 3, arbitrary: fc.record({ kind: kind('take'), at, user, project, role }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('pass'), ms: fc.constantFrom(1_000, HOUR / 2) }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('set clock'), ms: fc.constantFrom(-2 * HOUR, -HOUR, HOUR / 2) }) },
);

type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;
type ActOf<K extends Act['kind']> = Extract<Act, { kind: K }>;

/** Two controllers over one log, and beside them what is expected of them. */
class Run {
  private wall = T0;
  private elapsed = 0;
  private looked = 0;
  private steps = 0;
  private readonly reference = new Reference();
  private readonly texts = new Map<Issued, string>();
  private readonly held = new Map<UnderWay, { release: () => void; token: ReturnType<IdentityLab['logIn']> }>();

  private constructor(private readonly labs: readonly IdentityLab[]) {}

  static async start(): Promise<Run> {
    const store = new MemoryEventStore();
    const clock = { ...systemClock, now: (): string => new Date(run.wall).toISOString() };
    const keyring = await memoryKeyring(systemClock, systemRandom);
    const ports = { store, keyring, clock, elapsed: (): number => run.elapsed };
    const labs: IdentityLab[] = [];
    const run = new Run(labs);
    labs.push(new IdentityLab(ports), new IdentityLab(ports));
    await run.lab(0).furnish();
    await run.look();
    return run;
  }

  async end(): Promise<void> {
    for (const { release } of this.held.values()) release();
    await Promise.all([...this.held.values()].map(({ token }) => token));
    await Promise.all(this.labs.map((lab) => lab.end()));
  }

  async do(one: Act): Promise<void> {
    const does = this.acts[one.kind] as (one: Act) => Promise<void> | void;
    await does(one);
    await this.look();
    let asked = this.steps++;
    for (const [issued, text] of this.texts) await this.compare(this.lab((asked += 1) % 2), issued, text);
  }

  private readonly acts: { [K in Act['kind']]: (one: ActOf<K>) => Promise<void> | void } = {
    login: async ({ at, user: other, scope, right, slow, by }) => {
      const lab = this.lab(at);
      let release: () => void = () => undefined;
      lab.passwords.held = new Promise((resolve) => (release = resolve));
      const begun = lab.passwords.begun();
      const both = by === null ? undefined : nth(this.texts.keys(), by);
      const user = both?.user ?? other;
      const password = right ? this.reference.passwordOf(user) : 'wrong';
      const proofs: Proof[] = [{ kind: 'password', user: { name: user, domainId: 'default' }, password }];
      if (both !== undefined) proofs.push({ kind: 'token', token: this.texts.get(both) ?? '' });
      const token = lab.logIn(proofs, scope);
      await begun;
      const login = this.reference.begin(user, scope, password, both);
      this.held.set(login, { release, token });
      if (!slow) await this.finish(login);
    },
    finish: async ({ which }) => {
      const login = nth(this.held.keys(), which);
      if (login !== undefined) await this.finish(login);
    },
    exchange: async ({ at, which, scope }) => {
      const issued = nth(this.texts.keys(), which);
      if (issued === undefined) return;
      const token = await this.lab(at).logIn([{ kind: 'token', token: this.texts.get(issued) ?? '' }], scope);
      this.settle(this.reference.exchange(issued, scope), token);
    },
    revoke: async ({ at, which }) => {
      const issued = nth(this.texts.keys(), which);
      const lab = this.lab(at);
      const principal = issued && (await lab.authenticator.authenticate(this.texts.get(issued) ?? ''));
      if (issued === undefined || principal === undefined) return;
      const { id: tokenId, expiresAt } = principal.token;
      await lab.tell(streamRef('user', idOf(issued.user)), { type: 'RevokeToken', data: { tokenId, expiresAt } });
      issued.ended = true;
    },
    change: async ({ at, user, password }) => {
      await this.lab(at).change(user, password);
      this.reference.change(user, password);
    },
    enable: async ({ at, user, on }) => {
      await this.lab(at).tell(streamRef('user', idOf(user)), { type: 'UpdateUser', data: { enabled: on } });
      this.reference.enable(user, on);
    },
    open: async ({ at, project, on }) => {
      await this.lab(at).tell(streamRef('project', idOf(project)), { type: 'UpdateProject', data: { enabled: on } });
      this.reference.open(project, on);
    },
    grant: async ({ at, user, project, role }) => {
      const data = { userId: idOf(user), role };
      await this.lab(at).tell(streamRef('project', idOf(project)), { type: 'GrantRole', data });
      this.reference.grant(user, project, role);
    },
    take: async ({ at, user, project, role }) => {
      const data = { userId: idOf(user), role };
      await this.lab(at).tell(streamRef('project', idOf(project)), { type: 'RevokeRole', data });
      this.reference.take(user, project, role);
    },
    pass: ({ ms }) => {
      this.wall += ms;
      this.elapsed += ms;
    },
    'set clock': ({ ms }) => {
      this.wall += ms;
    },
  };

  private async finish(login: UnderWay): Promise<void> {
    const held = this.held.get(login);
    held?.release();
    this.held.delete(login);
    this.settle(this.reference.finish(login), await held?.token);
  }

  private settle(expected: Issued | undefined, got: { readonly text: string } | undefined): void {
    expect(got !== undefined).toBe(expected !== undefined);
    if (expected !== undefined && got !== undefined) this.texts.set(expected, got.text);
  }

  private async compare(lab: IdentityLab, issued: Issued, text: string): Promise<void> {
    const roles = this.reference.rolesBy(issued);
    // member implies reader
    const all = roles?.includes('member') === true ? ['member', 'reader'] : roles;
    const principal = await lab.authenticator.authenticate(text);
    expect(principal?.actor.roles).toEqual(all);
  }

  /** Both clocks are looked at. */
  private async look(): Promise<void> {
    this.reference.look(this.wall, this.elapsed - this.looked);
    this.looked = this.elapsed;
    for (const lab of this.labs) lab.lookAtTheClock();
    await Promise.resolve();
  }

  private lab(at: number): IdentityLab {
    return this.labs[at] as IdentityLab;
  }
}

const nth = <T>(values: Iterable<T>, n: number): T | undefined => {
  const all = [...values].reverse();
  return all[n % Math.max(all.length, 1)];
};

describe('logins and tokens', () => {
  it('by a token are refused when that token is revoked while a password beside it is hashed', async () => {
    const ports = {
      store: new MemoryEventStore(),
      keyring: await memoryKeyring(systemClock, systemRandom),
      clock: systemClock,
      elapsed: () => 0,
    };
    const lab = new IdentityLab(ports);
    await lab.furnish();
    const password = { kind: 'password', user: { id: idOf('ada') }, password: 'p0' } as const;
    const one = await lab.logIn([password], null);
    const both = [password, { kind: 'token', token: one?.text ?? '' } as const];
    expect(await lab.logIn(both, null)).toBeDefined();
    let release: () => void = () => undefined;
    lab.passwords.held = new Promise((resolve) => (release = resolve));
    const begun = lab.passwords.begun();
    const other = lab.logIn(both, null);
    await begun;
    const data = { tokenId: one?.principal.token.id ?? '', expiresAt: one?.principal.token.expiresAt ?? '' };
    await lab.tell(streamRef('user', idOf('ada')), { type: 'RevokeToken', data });
    release();
    expect(await other).toBeUndefined();
    await lab.end();
  });

  it('hold until something ends them, with anything under way, at each controller and by each clock', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 60, maxLength: 80 }), async (acts) => {
        const run = await Run.start();
        try {
          for (const one of acts) await run.do(one);
        } finally {
          await run.end();
        }
      }),
      runs(40),
    );
  });
});
