import { aggregates, type Answer, type CommandOf, isOf, type StateOf, streamRef } from './aggregates';
import type { AllocatedAddress, Network } from './network';
import type { Amounts, QuotaCommand } from './quota';

/** True where two types are the same. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Does not compile unless both types are the same: then `same` cannot be true. */
interface Proof<A, B> {
  readonly same: Same<A, B>;
}

describe('a reference to a stream', () => {
  const proofs: { readonly same: true }[] = [];

  afterAll(() => {
    expect(proofs).toHaveLength(9);
  });

  it('keeps the category as its type', () => {
    const ref = streamRef('network', 'n1');
    expect(ref).toEqual({ category: 'network', id: 'n1' });
    proofs.push({ same: true } satisfies Proof<typeof ref.category, 'network'>);
  });

  it('is told from what came from elsewhere', () => {
    expect([isOf('quota', { category: 'quota', id: 'p' }), isOf('quota', { category: 'host', id: 'h' })]).toEqual([
      true,
      false,
    ]);
  });

  it('says which commands and which state belong to it', () => {
    proofs.push({ same: true } satisfies Proof<StateOf<'network'>, Network>);
    proofs.push({ same: true } satisfies Proof<CommandOf<'quota'>, QuotaCommand>);
    proofs.push({ same: true } satisfies Proof<Extract<CommandOf<'network'>, { type: 'ReserveQuota' }>, never>);
  });

  it('says what each command answers', () => {
    proofs.push({ same: true } satisfies Proof<Answer<'network', 'AllocateAddress'>, AllocatedAddress | undefined>);
    proofs.push({ same: true } satisfies Proof<Answer<'network', 'DeleteNetwork'>, undefined>);
    proofs.push({ same: true } satisfies Proof<Answer<'registry', 'AllocateNumbers'>, readonly number[]>);
    proofs.push({ same: true } satisfies Proof<Answer<'quota', 'SetQuotaLimits'>['limits'], Amounts>);
    proofs.push({ same: true } satisfies Proof<Answer<'instance', 'DeleteInstance'>, undefined>);
  });
});

it('each aggregate is exported by the name of its category', () => {
  const categories = Object.entries(aggregates).map(([name, { category }]) => [name, category]);
  expect(categories).toEqual(categories.map(([name]) => [name, name]));
  expect(categories.length).toBeGreaterThan(10);
});
