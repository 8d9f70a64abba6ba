import { HttpProblem } from '../../../http';
import { quotaChanges } from './quota-changes';
import { quotaClassNames, quotaNames } from './quota-names';

describe('a change of quotas', () => {
  it('is read from numbers and from text', () => {
    const body = { quota_set: { instances: 45, ram: '1024', force: 'True', tenant_id: 'p' } };
    expect(quotaChanges(body, 'quota_set', quotaNames(1))).toEqual({
      limits: { instances: 45, ram: 1024 },
      force: true,
    });
    expect(quotaChanges({ quota_set: { floating_ips: -1 } }, 'quota_set', quotaNames(35))).toEqual({
      limits: { floating_ips: -1 },
      force: false,
    });
  });

  it.each([
    [null, 1],
    [[], 1],
    [{}, 1],
    [{ quota_set: null }, 1],
    [{ quota_set: [] }, 1],
    [{ quota_set: {}, more: 1 }, 1],
    [{ quota_set: { instances: 'many' } }, 1],
    [{ quota_set: { instances: -2 } }, 1],
    [{ quota_set: { instances: 1.5 } }, 1],
    [{ quota_set: { instances: 2 ** 31 } }, 1],
    [{ quota_set: { instances: null } }, 1],
    [{ quota_set: { force: 'perhaps' } }, 1],
    [{ quota_set: { constructor: 1 } }, 1],
    [{ quota_set: { floating_ips: 5 } }, 36],
  ])('is refused: %j', (body, minor) => {
    expect(() => quotaChanges(body, 'quota_set', quotaNames(minor))).toThrow(HttpProblem);
  });

  it('of a class names neither force nor a project', () => {
    const read = (set: object): unknown =>
      quotaChanges({ quota_class_set: set }, 'quota_class_set', quotaClassNames(49));
    expect(read({ cores: 21 })).toEqual({ limits: { cores: 21 }, force: false });
    for (const set of [{ force: true }, { tenant_id: 'p' }, { server_groups: 1 }])
      expect(() => read(set)).toThrow(HttpProblem);
  });
});
