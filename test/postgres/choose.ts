import { describeWhere } from '../support/describe-where';

import { whyNoServer } from './server';

/** In each test file of the project `postgres`: its databases are on the server; without one, all of it is skipped. */
const server = process.env['CAIRN_TEST_SERVER'];
const plain = globalThis.describe;
const suite: typeof plain = Object.assign(
  (...[name, body]: Parameters<typeof plain>) => {
    describeWhere(whyNoServer(), 'on PostgreSQL', () => {
      plain(name, body);
    });
  },
  { skip: plain.skip, only: plain.only, each: plain.skip.each },
);
if (server !== undefined) process.env['CAIRN_TEST_DATABASE'] = server;
else globalThis.describe = suite;
