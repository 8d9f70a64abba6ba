import { DEFAULT_LIMITS, limitsOf, type Quota } from '@cairn/domain';
import { QuotaRow, QuotaReservationRow } from '../../read-models';
import type { Agreement } from '../agreement';

const NO_QUOTA = { overrides: {}, usage: {} };

export const quota: Agreement = {
  says: 'of a quota: limits and usage',
  rows: [QuotaRow, QuotaReservationRow],
  holds(cloud, model) {
    for (const id of cloud.ids('quota')) {
      const state = cloud.state({ category: 'quota', id }) as Quota;
      const { overrides, usage } = model.get(QuotaRow, id) ?? NO_QUOTA;
      expect(usage).toEqual(state.usage);
      expect({ ...DEFAULT_LIMITS, ...overrides }).toEqual(limitsOf(state));
      expect(model.all(QuotaReservationRow).filter(({ projectId }) => projectId === id)).toHaveLength(state.held.size);
    }
  },
};
