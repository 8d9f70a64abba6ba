/** Operations that the walk through all of them need not see granted, each for a reason. */
export const UNGRANTED: Readonly<Record<string, string>> = {
  'image GET /v2/info/stores': 'there is one store, and Glance answers 404 then',
  'hosts GET /v1/images/{imageId}': 'hosts of tests do not fetch: api/hosts/host-images.spec.ts does',
  'hosts PUT /v1/replies/{requestId}': 'nobody waits for an answer that no host was asked for',
  'hosts GET /v1/metadata/*': 'a path in it is about the guest whose address the agent names',
  'hosts GET /v1/instances/{instanceId}/config-drive':
    'hosts of tests build no drives: api/metadata/drive-files.spec.ts',
  'hosts GET /v1/instances/{instanceId}/passwords/{generation}': 'only while the job for it is owed',
  'compute POST /servers/{id}/action changePassword': 'no image of the walk has a guest agent',
  'compute POST /servers/{id}/action os-getRDPConsole': 'no host has such a screen',
  'compute POST /servers/{id}/action os-getSPICEConsole': 'no host has such a screen',
  'compute GET /servers/{id}/migrations/{number}': 'it is there during a live migration alone',
  'compute DELETE /servers/{id}/migrations/{number}': 'it is there during a live migration alone',
  'compute POST /servers/{id}/migrations/{number}/action': 'it is there during a live migration alone',
  'compute POST /servers/{id}/action addFloatingIp': 'floating addresses are made at random: floating-ips.int.spec.ts',
  'compute POST /servers/{id}/action removeFloatingIp': 'no server of the walk has one: floating-ips.int.spec.ts',
  'compute POST /servers/{id}/action addFixedIp': 'its answer waits for the host: servers/interfaces.int.spec.ts',
  'compute POST /servers/{id}/action removeFixedIp':
    'addresses are given out at random: servers/interfaces.int.spec.ts',
  'compute POST /servers/{id}/os-interface': 'its answer waits for the host: servers/interfaces.int.spec.ts',
  'compute DELETE /servers/{id}/os-interface/{portId}': 'its answer waits for the host: servers/interfaces.int.spec.ts',
  'compute GET /os-floating-ips-bulk/{id}': 'no host of the walk carries one: floating-ips.int.spec.ts',
  'compute PUT /os-floating-ips-bulk/{id}': 'its path says delete, and nothing else: floating-ips.int.spec.ts',
  'compute DELETE /os-services/{id}': 'hosts that run are not deleted',
  'compute GET /os-console-auth-tokens/{token}': 'its token is in the address of a console that was given',
  'console GET /*': 'its paths are files of a package',
};
