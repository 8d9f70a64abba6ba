import { fresh, noted, revisions, type Connect, type Peer } from './peer';

/** Gossip: ways of naming a server. */
export function discovering(url: () => string, connect: Connect): void {
  const variants = (): readonly (readonly [string, string])[] => {
    const { username, password, host, searchParams } = new URL(url().replace(/^\w+(\+discover)?:/, 'http:'));
    const login = username === '' ? '' : `${username}:${password}@`;
    const query = (more: string): string => `?${searchParams.toString()}${more}`;
    return [
      ['discovery', `esdb+discover://${login}${host}${query('')}`],
      ['a list of nodes', `esdb://${login}${host},${host}${query('')}`],
      ['a preference for followers', `esdb+discover://${login}${host}${query('&nodePreference=follower')}`],
      ['a name of the connection', `esdb://${login}${host}${query('&connectionName=contract')}`],
    ];
  };

  it.each(['discovery', 'a list of nodes', 'a preference for followers', 'a name of the connection'])(
    'is found by %s',
    async (name) => {
      const found = connect(variants().find(([variant]) => variant === name)?.[1] ?? '');
      const stream = fresh();
      await found.append(stream, [noted(1)]);
      expect(revisions(await found.read(stream))).toEqual([0n]);
      await found.dispose();
    },
  );
}

/** What the embedded store does not have, and says so. A real server has it. */
export function lacking(peer: () => Peer): void {
  it('answers persistent subscriptions and projections with UNIMPLEMENTED and the reason', async () => {
    const refusals: Record<string, unknown> = {};
    for (const [name, call] of Object.entries(peer().optional())) {
      refusals[name] = await call().then(
        () => 'done',
        (error: unknown) => error,
      );
    }
    for (const [name, refusal] of Object.entries(refusals)) {
      const reason = name.includes('projection') ? /runs no projections/ : /has no persistent subscriptions/;
      expect([name, refusal]).toEqual([name, expect.objectContaining({ code: 12 })]);
      expect((refusal as Error).message).toMatch(reason);
    }
    expect(Object.keys(refusals)).toHaveLength(12);
  });
}
