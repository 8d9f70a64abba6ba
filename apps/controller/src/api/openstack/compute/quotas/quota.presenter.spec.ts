import { DEFAULT_LIMITS } from '@cairn/domain';
import { shapeDifferences } from '../testing/shapes';
import { quotaClassNames, quotaNames } from './quota-names';
import { presentLimits, presentQuotaClass, presentQuotaDetail, presentQuotaSet } from './quota.presenter';

describe('quotas', () => {
  it.each([
    [1, ''],
    [35, ''],
    [36, 'v2.36/'],
    [56, 'v2.36/'],
    [57, 'v2.57/'],
    [93, 'v2.57/'],
  ])('are shown in 2.%i as nova shows them', (minor, folder) => {
    const set = presentQuotaSet('fake_tenant', DEFAULT_LIMITS, quotaNames(minor));
    expect(shapeDifferences(set, 'os-quota-sets', `${folder}quotas-show-get-resp`)).toEqual([]);
    const detail = presentQuotaDetail('fake_tenant', DEFAULT_LIMITS, { cores: 3 }, quotaNames(minor));
    expect(shapeDifferences(detail, 'os-quota-sets', `${folder}quotas-show-detail-get-resp`)).toEqual([]);
    expect(detail).toMatchObject({ quota_set: { cores: { limit: 20, in_use: 3, reserved: 0 } } });
  });

  it.each([
    [1, ''],
    [36, 'v2.36/'],
    [38, 'v2.36/'],
    [39, 'v2.39/'],
    [57, 'v2.57/'],
    [93, 'v2.57/'],
  ])('are limits in 2.%i as nova shows them', (minor, folder) => {
    const limits = presentLimits(DEFAULT_LIMITS, {}, minor);
    expect(shapeDifferences(limits, 'limits', `${folder}limit-get-resp`)).toEqual([]);
  });

  it('have no id in the answer of an update', () => {
    const set = presentQuotaSet(null, DEFAULT_LIMITS, quotaNames(1));
    expect(shapeDifferences(set, 'os-quota-sets', 'quotas-update-post-resp')).toEqual([]);
  });

  it.each([
    [1, ''],
    [49, ''],
    [50, 'v2.50/'],
    [57, 'v2.57/'],
    [93, 'v2.57/'],
  ])('have a class in 2.%i as nova shows it', (minor, folder) => {
    const shown = presentQuotaClass('test_class', DEFAULT_LIMITS, quotaClassNames(minor));
    expect(shapeDifferences(shown, 'os-quota-class-sets', `${folder}quota-classes-show-get-resp`)).toEqual([]);
  });
});
