import { isObject } from '../../../http';
import { malformed } from '../shared/action-body';
import { notBuilt, requireKnown } from '../shared/additional';
import { isIn, type Versions } from '../shared/representation';

type Fields = Readonly<Record<string, Versions>>;

/** An action that Cairn does not have: a field that its microversion does not know is refused first, as by nova. */
const unbuilt =
  (fields: Fields) =>
  (value: unknown, { minor }: { readonly minor: number }): never => {
    if (!isObject(value)) throw malformed();
    const known = Object.entries(fields).filter(([, versions]) => isIn(minor, versions));
    requireKnown(
      Object.keys(value),
      known.map(([name]) => name),
    );
    throw notBuilt();
  };

export const migrateLive = unbuilt({
  host: {},
  block_migration: {},
  disk_over_commit: { until: 24 },
  force: { since: 30, until: 67 },
});

export const evacuate = unbuilt({
  host: {},
  adminPass: {},
  onSharedStorage: { until: 13 },
  force: { since: 29, until: 67 },
});
