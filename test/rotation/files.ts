import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

import { WITHOUT_DATABASE } from '../postgres/left-out';
import { GUEST_WALKS } from '../support/real-guests';

/** Clouds with simulated hosts that take turns in short runs, so ordered that both halves take about as long. */
const CLOUD_WALKS = [
  ...['read-models', 'queue-gone', 'runbooks', 'second-host'],
  ...['proxy', 'disk-full', 'units', 'supervision'],
];

const API = 'apps/controller/src/api/openstack';
/** Tests of the API that run in `integration`, and once more on PostgreSQL. */
const API_FILES = globSync(`${API}/**/*.int.spec.ts`, { cwd: join(__dirname, '../..') })
  .map((file) => file.slice(API.length + 1).replace('.int.spec.ts', ''))
  .filter((name) => !WITHOUT_DATABASE.includes(basename(name)))
  .sort();

/** For each part of the tests, its files that take turns in short runs; those of other names always run. */
export const IN_TURN = { guests: GUEST_WALKS, e2e: CLOUD_WALKS, postgres: API_FILES } as const;

/** A pattern for jest that takes all files but those: paths end in a slash, the name, and what kind of test it is. */
export const allBut = (names: readonly string[]): string =>
  names.length === 0 ? '.' : `^(?!.*/(${names.join('|')})\\.(e2e|int)\\.spec\\.ts$)`;
