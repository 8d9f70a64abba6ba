/**
 * v2.0 has two endpoints: one for everyone, and one for administrators, whose list of tenants is that of all. Keystone of
 * the first years had the second on port 35357; behind one port it is this path, as in DevStack.
 */
export const ADMIN_ENDPOINT = 'identity_admin/v2.0';

export const V2_PATHS = ['v2.0', ADMIN_ENDPOINT];
