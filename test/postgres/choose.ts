/** In each test file of the project `postgres`: its databases are on the server; without one, all of it is skipped. */
const server = process.env['CAIRN_TEST_SERVER'];
if (server !== undefined) process.env['CAIRN_TEST_DATABASE'] = server;
else globalThis.describe = globalThis.describe.skip;
