/** Operations that the walk through all of them need not see granted, each for a reason. */
export const UNGRANTED: Readonly<Record<string, string>> = {
  'image GET /v2/info/stores': 'there is one store, of which Glance answers 404',
  'hosts GET /v1/images/{imageId}': 'hosts of tests do not fetch: api/hosts/host-images.spec.ts does',
  'hosts PUT /v1/replies/{requestId}': 'nobody waits for an answer that no host was asked for',
  'hosts GET /v1/metadata/*': 'a path in it is about the guest whose address the agent names',
  'identity DELETE /v2.0/tokens/{token}': 'by then the walk has deleted the users whose tokens it knows',
};
