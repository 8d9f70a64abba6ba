/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';
import { WITHOUT_DATABASE } from './test/postgres/left-out';
import { REAL_GUESTS } from './test/support/real-guests';

// The code that the tests load is for the Node.js that set-up brings; an older one fails in ways that tell nothing. So what
// is imported above must be loadable by an older one.
if (Number(process.versions.node.split('.')[0]) < 24) throw new Error('Node.js 24 is needed: ./cairn setup brings it');

const shared = {
  rootDir: '.',
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: false, ...swc() }] as [string, Record<string, unknown>] },
  moduleNameMapper: { '^@cairn/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/dist.new/'],
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
};

/** A test is given minutes: for whole clouds and their clients, on a machine that is slow and busy. */
const patient = { setupFilesAfterEnv: ['<rootDir>/test/support/patient.ts'] };

function swc(): Record<string, unknown> {
  return {
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2024',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      keepClassNames: true,
    },
  };
}

/**
 * unit: no process, no port, no file outside a temporary folder. sim: the deterministic simulation, many seeds, and other
 * models that need minutes of a processor. integration: one real part, each test file beside others. host: this machine's
 * libvirt, network and disks, one after the other. postgres: the tests that have a database, once more, on a PostgreSQL
 * instead of SQLite. e2e: a whole cloud whose hosts are simulated. guests: a whole cloud with real guests, on this
 * machine's hypervisor.
 */
const config: Config = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.(int|postgres|e2e|sim)\\.spec\\.ts$'],
    },
    {
      ...shared,
      displayName: 'sim',
      testMatch: ['**/*.sim.spec.ts'],
      globalSetup: '<rootDir>/test/sim/build.ts',
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['**/*.int.spec.ts'],
      testPathIgnorePatterns: ['<rootDir>/apps/agent/'],
    },
    { ...shared, displayName: 'host', testMatch: ['<rootDir>/apps/agent/**/*.int.spec.ts'] },
    {
      ...shared,
      displayName: 'postgres',
      testMatch: [
        '<rootDir>/libs/projections/src/{mending-read-model,open-read-model,schema,runner/sql-row-store,database/*,sweep/*}.spec.ts',
        '<rootDir>/apps/controller/src/bootstrap/*.spec.ts',
        '<rootDir>/apps/controller/src/api/openstack/**/*.int.spec.ts',
        '<rootDir>/apps/controller/src/api/openstack/image/*.spec.ts',
        '<rootDir>/apps/controller/src/api/openstack/{lists,query-plans}.spec.ts',
      ],
      testPathIgnorePatterns: [`/(${WITHOUT_DATABASE.join('|')})\\.int\\.spec\\.ts$`],
      globalSetup: '<rootDir>/test/postgres/start.ts',
      globalTeardown: '<rootDir>/test/postgres/stop.ts',
      setupFilesAfterEnv: ['<rootDir>/test/postgres/choose.ts'],
    },
    { ...shared, ...patient, displayName: 'guests', testMatch: REAL_GUESTS.map((name) => `**/${name}.e2e.spec.ts`) },
    {
      ...shared,
      ...patient,
      displayName: 'e2e',
      testMatch: ['**/*.e2e.spec.ts'],
      testPathIgnorePatterns: REAL_GUESTS.map((name) => `/${name}\\.e2e\\.spec\\.ts$`),
    },
  ],
  testTimeout: 60_000,
};
export default config;
