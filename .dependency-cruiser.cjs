/** Imports go one way: the table of ARCHITECTURE.md, and of third parties only where their knowledge belongs. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(apps|libs|test)/', pathNot: allowed },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only('domain-is-pure', '^libs/domain/', '^libs/domain/', 'The domain imports nothing of ours.'),
    only(
      'event-store',
      '^libs/event-store/',
      '^(libs/(domain|event-store|json)/|test/support/)',
      'libs/event-store may import the domain.',
    ),
    only(
      'host-protocol',
      '^libs/host-protocol/',
      '^libs/(domain|host-protocol)/',
      'libs/host-protocol may import the domain.',
    ),
    only('edge', '^libs/edge/', '^libs/edge/', 'Each process that listens uses it, the event store too.'),
    only('at-rest', '^libs/at-rest/', '^libs/at-rest/', 'Each process is started with it, the event store too.'),
    {
      name: 'nothing-imports-at-rest',
      comment: 'A process is started with it (infra/cloud/run.sh).',
      severity: 'error',
      from: { pathNot: '^libs/at-rest/' },
      to: { path: '^libs/at-rest/' },
    },
    only('config', '^libs/config/', '^libs/config/', 'Rules of settings know no process.'),
    only('json', '^libs/json/', '^libs/json/', 'Texts of JSON know nothing of what is in them.'),
    only('os', '^libs/os/', '^libs/os/', 'What all processes do about their machine knows nothing of Cairn.'),
    only('log', '^libs/log/', '^libs/(log|os)/', 'How a process says something knows nothing of what it says.'),
    only('cache', '^libs/cache/', '^libs/cache/', 'What is kept for a while knows nothing of what it is.'),
    only('turns', '^libs/turns/', '^libs/turns/', 'Who may work when knows nothing of the work.'),
    only('sqlite', '^libs/sqlite/', '^libs/sqlite/', 'SQLite knows nothing of ours.'),
    {
      name: 'node-sqlite-behind-one-library',
      severity: 'error',
      from: { pathNot: '^libs/sqlite/' },
      to: { path: '^(node:)?sqlite$' },
    },
    only(
      'projections',
      '^libs/projections/',
      '^libs/(domain|event-store|os|projections|sqlite)/',
      'Projections fold the log.',
    ),
    only('controller', '^apps/controller/', '^(apps/controller|libs|test/support)/', 'Apps never import each other.'),
    only(
      'agent',
      '^apps/agent/',
      '^(apps/agent/|libs/(config|host-protocol|event-store|domain|edge|os|turns|log)/|test/support/)',
      'An agent knows its protocol and its stream.',
    ),
    only(
      'eventstore',
      '^apps/eventstore/',
      '^(apps/eventstore/|libs/(cache|edge|json|os|sqlite)/|test/support/)',
      'The embedded store knows nothing of Cairn.',
    ),
    {
      name: 'domain-needs-only-uuid',
      severity: 'error',
      from: { path: '^libs/domain/src/', pathNot: '\\.spec\\.ts$|/testing/|^libs/domain/src/ids/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '(^|/)node_modules/uuid/' },
    },
    {
      name: 'ids-need-a-hash',
      comment: 'A pure function, but of node:crypto.',
      severity: 'error',
      from: { path: '^libs/domain/src/ids/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: '(^|/)node_modules/uuid/|^(node:)?crypto$' },
    },
    {
      name: 'bullmq-only-in-the-dispatcher',
      severity: 'error',
      from: { path: '^apps/controller/src/', pathNot: '^apps/controller/src/runtime/dispatcher(\\.int\\.spec)?\\.ts$' },
      to: { path: '(^|/)node_modules/bullmq/' },
    },
    {
      name: 'the-client-behind-one-file',
      severity: 'error',
      from: {
        path: '^(apps|libs)/',
        pathNot:
          '^(libs/event-store/src/(eventstoredb(\\.int\\.spec)?|client-errors(\\.spec)?|store-security)\\.ts|apps/eventstore/)',
      },
      to: { path: '(^|/)node_modules/@eventstore/' },
    },
    {
      name: 'controller-api-on-top',
      comment: 'Façades (api) call the application, which knows none of them; only what starts the process knows both.',
      severity: 'error',
      from: { path: '^apps/controller/src/', pathNot: '^apps/controller/src/(api/|(main|services)\\.ts$)' },
      to: { path: '^apps/controller/src/api/' },
    },
    {
      name: 'controller-application-below-api',
      comment: 'What the application is built on (runtime, policy, scheduler …) knows neither it nor a façade.',
      severity: 'error',
      from: { path: '^apps/controller/src/(runtime|policy|scheduler|identity|keyring|passwords|blobs|remote-hosts)/' },
      to: { path: '^apps/controller/src/(api|application|bootstrap|cli)/' },
    },
    {
      name: 'controller-application-starts-nothing',
      severity: 'error',
      from: { path: '^apps/controller/src/(api|application)/', pathNot: '\\.spec\\.ts$|/testing/' },
      to: { path: '^apps/controller/src/(bootstrap|cli)/|^apps/controller/src/(main|services|core\\.factory)\\.ts$' },
    },
    {
      name: 'no-typeorm-in-the-agent',
      severity: 'error',
      from: { path: '^apps/agent/' },
      to: { path: '(^|/)node_modules/typeorm/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default'] },
  },
};
