/** Tests of the API in which the log and the stock clients matter, not the database: they run on SQLite only. */
export const WITHOUT_DATABASE = ['image', 'openstack-client', 'clients'];
