// What OpenStack's own references list: Nova 26.1 (with the calls that it has meanwhile removed, which older clients
// still make), Keystone 22.0 for v3 and 11.0 for v2.0 (the last that described it), Glance 25.1. One path a line, behind
// its methods.

/** Behind `/v2.1/{projectId}`. */
const COMPUTE = `
GET /extensions
GET /extensions/{alias}
GET POST /flavors
GET /flavors/detail
GET PUT DELETE /flavors/{flavor_id}
POST /flavors/{flavor_id}/action
GET POST /flavors/{flavor_id}/os-extra_specs
GET PUT DELETE /flavors/{flavor_id}/os-extra_specs/{flavor_extra_spec_key}
GET /flavors/{flavor_id}/os-flavor-access
GET /images
GET /images/detail
GET DELETE /images/{image_id}
GET POST PUT /images/{image_id}/metadata
GET PUT DELETE /images/{image_id}/metadata/{key}
GET /limits
GET POST /os-agents
PUT DELETE /os-agents/{agent_build_id}
GET POST /os-aggregates
GET PUT DELETE /os-aggregates/{aggregate_id}
POST /os-aggregates/{aggregate_id}/action
POST /os-aggregates/{aggregate_id}/images
POST /os-assisted-volume-snapshots
DELETE /os-assisted-volume-snapshots/{snapshot_id}
GET /os-availability-zone
GET /os-availability-zone/detail
GET /os-baremetal-nodes
GET /os-baremetal-nodes/{node_id}
GET POST /os-cells
GET /os-cells/capacities
GET /os-cells/detail
GET /os-cells/info
GET PUT DELETE /os-cells/{cell_id}
GET /os-cells/{cell_id}/capacities
POST /os-certificates
GET /os-certificates/root
GET POST /os-cloudpipe
PUT /os-cloudpipe/configure-project
GET /os-console-auth-tokens/{console_token}
GET /os-fixed-ips/{fixed_ip}
POST /os-fixed-ips/{fixed_ip}/action
GET /os-floating-ip-dns
PUT DELETE /os-floating-ip-dns/{domain}
GET PUT DELETE /os-floating-ip-dns/{domain}/entries/{ip}
GET /os-floating-ip-pools
GET POST /os-floating-ips
GET POST /os-floating-ips-bulk
PUT /os-floating-ips-bulk/delete
GET /os-floating-ips-bulk/{host_name}
GET DELETE /os-floating-ips/{floating_ip_id}
GET /os-fping
GET /os-fping/{instance_id}
GET /os-hosts
GET PUT /os-hosts/{host_name}
GET /os-hosts/{host_name}/reboot
GET /os-hosts/{host_name}/shutdown
GET /os-hosts/{host_name}/startup
GET /os-hypervisors
GET /os-hypervisors/detail
GET /os-hypervisors/statistics
GET /os-hypervisors/{hypervisor_hostname_pattern}/search
GET /os-hypervisors/{hypervisor_hostname_pattern}/servers
GET /os-hypervisors/{hypervisor_id}
GET /os-hypervisors/{hypervisor_id}/uptime
GET /os-instance_usage_audit_log
GET /os-instance_usage_audit_log/{before_timestamp}
GET POST /os-keypairs
GET DELETE /os-keypairs/{keypair_name}
GET /os-migrations
GET POST /os-networks
POST /os-networks/add
GET DELETE /os-networks/{network_id}
POST /os-networks/{network_id}/action
GET PUT /os-quota-class-sets/{id}
GET PUT DELETE /os-quota-sets/{tenant_id}
GET /os-quota-sets/{tenant_id}/defaults
GET /os-quota-sets/{tenant_id}/detail
GET POST /os-security-group-default-rules
GET DELETE /os-security-group-default-rules/{security_group_default_rule_id}
POST /os-security-group-rules
DELETE /os-security-group-rules/{security_group_rule_id}
GET POST /os-security-groups
GET PUT DELETE /os-security-groups/{security_group_id}
POST /os-server-external-events
GET POST /os-server-groups
GET DELETE /os-server-groups/{server_group_id}
GET /os-services
PUT /os-services/disable
PUT /os-services/disable-log-reason
PUT /os-services/enable
PUT /os-services/force-down
PUT DELETE /os-services/{service_id}
GET /os-simple-tenant-usage
GET /os-simple-tenant-usage/{tenant_id}
GET POST /os-snapshots
GET /os-snapshots/detail
GET DELETE /os-snapshots/{snapshot_id}
GET POST /os-tenant-networks
GET DELETE /os-tenant-networks/{network_id}
GET POST /os-volumes
GET /os-volumes/detail
GET DELETE /os-volumes/{volume_id}
GET POST /servers
GET /servers/detail
GET PUT DELETE /servers/{server_id}
GET POST /servers/{server_id}/consoles
GET DELETE /servers/{server_id}/consoles/{console_id}
GET /servers/{server_id}/diagnostics
GET /servers/{server_id}/ips
GET /servers/{server_id}/ips/{network_label}
GET POST PUT /servers/{server_id}/metadata
GET PUT DELETE /servers/{server_id}/metadata/{key}
GET /servers/{server_id}/migrations
GET DELETE /servers/{server_id}/migrations/{migration_id}
POST /servers/{server_id}/migrations/{migration_id}/action
GET /servers/{server_id}/os-instance-actions
GET /servers/{server_id}/os-instance-actions/{request_id}
GET POST /servers/{server_id}/os-interface
GET DELETE /servers/{server_id}/os-interface/{port_id}
GET /servers/{server_id}/os-security-groups
GET DELETE /servers/{server_id}/os-server-password
GET /servers/{server_id}/os-virtual-interfaces
GET POST /servers/{server_id}/os-volume_attachments
GET PUT DELETE /servers/{server_id}/os-volume_attachments/{volume_id}
POST /servers/{server_id}/remote-consoles
GET PUT DELETE /servers/{server_id}/tags
GET PUT DELETE /servers/{server_id}/tags/{tag}
GET /servers/{server_id}/topology
`;

/** Keystone 22.0. */
const IDENTITY_V3 = `
GET /v3/OS-INHERIT/domains/{domain_id}/groups/{group_id}/roles/inherited_to_projects
HEAD PUT DELETE /v3/OS-INHERIT/domains/{domain_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects
GET /v3/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/inherited_to_projects
HEAD PUT DELETE /v3/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/{role_id}/inherited_to_projects
HEAD PUT DELETE /v3/OS-INHERIT/projects/{project_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects
HEAD PUT DELETE /v3/OS-INHERIT/projects/{project_id}/users/{user_id}/roles/{role_id}/inherited_to_projects
GET /v3/auth/catalog
GET /v3/auth/domains
GET /v3/auth/projects
GET /v3/auth/system
GET HEAD POST DELETE /v3/auth/tokens
GET POST /v3/credentials
GET PATCH DELETE /v3/credentials/{credential_id}
GET POST /v3/domains
GET PATCH DELETE /v3/domains/{domain_id}
GET /v3/domains/{domain_id}/groups/{group_id}/roles
HEAD PUT DELETE /v3/domains/{domain_id}/groups/{group_id}/roles/{role_id}
GET /v3/domains/{domain_id}/users/{user_id}/roles
HEAD PUT DELETE /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}
GET POST /v3/endpoints
GET PATCH DELETE /v3/endpoints/{endpoint_id}
GET POST /v3/groups
GET PATCH DELETE /v3/groups/{group_id}
GET /v3/groups/{group_id}/users
HEAD PUT DELETE /v3/groups/{group_id}/users/{user_id}
GET POST /v3/policies
GET PATCH DELETE /v3/policies/{policy_id}
GET POST /v3/projects
GET PATCH DELETE /v3/projects/{project_id}
GET /v3/projects/{project_id}/groups/{group_id}/roles
HEAD PUT DELETE /v3/projects/{project_id}/groups/{group_id}/roles/{role_id}
GET /v3/projects/{project_id}/users/{user_id}/roles
HEAD PUT DELETE /v3/projects/{project_id}/users/{user_id}/roles/{role_id}
GET POST /v3/regions
GET PATCH DELETE /v3/regions/{region_id}
GET /v3/role_assignments
GET /v3/role_inferences
GET POST /v3/roles
GET /v3/roles/{prior_role_id}/implies
GET HEAD PUT DELETE /v3/roles/{prior_role_id}/implies/{implies_role_id}
GET PATCH DELETE /v3/roles/{role_id}
GET POST /v3/services
GET PATCH DELETE /v3/services/{service_id}
GET /v3/system/groups/{group_id}/roles
GET HEAD PUT DELETE /v3/system/groups/{group_id}/roles/{role_id}
GET /v3/system/users/{user_id}/roles
GET HEAD PUT DELETE /v3/system/users/{user_id}/roles/{role_id}
GET POST /v3/users
GET PATCH DELETE /v3/users/{user_id}
GET /v3/users/{user_id}/access_rules
GET DELETE /v3/users/{user_id}/access_rules/{access_rule_id}
GET POST /v3/users/{user_id}/application_credentials
GET DELETE /v3/users/{user_id}/application_credentials/{application_credential_id}
GET /v3/users/{user_id}/groups
POST /v3/users/{user_id}/password
GET /v3/users/{user_id}/projects
`;

/** Keystone 11.0. */
const IDENTITY_V2 = `
GET /v2.0
GET POST /v2.0/OS-KSADM/roles
GET DELETE /v2.0/OS-KSADM/roles/{role_id}
GET POST /v2.0/OS-KSADM/services
GET DELETE /v2.0/OS-KSADM/services/{serviceName}
PATCH /v2.0/OS-KSCRUD/users/{userId}
GET /v2.0/certificates/ca
GET /v2.0/certificates/signing
GET POST /v2.0/endpoints
DELETE /v2.0/endpoints/{endpointId}
GET /v2.0/extensions
GET /v2.0/extensions/{alias}
GET POST /v2.0/tenants
GET POST DELETE /v2.0/tenants/{tenantId}
GET /v2.0/tenants/{tenantId}/users
GET /v2.0/tenants/{tenantId}/users/{userId}/roles
PUT DELETE /v2.0/tenants/{tenant_id}/users/{user_id}/roles/OS-KSADM/{role_id}
POST /v2.0/tokens
GET /v2.0/tokens/revoked
GET HEAD DELETE /v2.0/tokens/{tokenId}
GET /v2.0/tokens/{tokenId}/endpoints
GET POST /v2.0/users
GET PUT DELETE /v2.0/users/{userId}
GET POST /v2.0/users/{userId}/OS-KSADM/credentials
GET POST DELETE /v2.0/users/{userId}/OS-KSADM/credentials/OS-KSEC2:ec2Credentials
GET /v2.0/users/{userId}/OS-KSADM/credentials/OS-KSEC2:ec2Credentials/{type}
GET /v2.0/users/{userId}/roles
PUT /v2.0/users/{user_id}/OS-KSADM/enabled
PUT /v2.0/users/{user_id}/OS-KSADM/password
PUT /v2.0/users/{user_id}/OS-KSADM/tenant
`;

/** Glance 25.1. */
const IMAGE = `
GET POST /v2/images
GET PATCH DELETE /v2/images/{image_id}
POST /v2/images/{image_id}/actions/deactivate
POST /v2/images/{image_id}/actions/reactivate
GET PUT /v2/images/{image_id}/file
POST /v2/images/{image_id}/import
GET POST /v2/images/{image_id}/members
GET PUT DELETE /v2/images/{image_id}/members/{member_id}
PUT /v2/images/{image_id}/stage
PUT DELETE /v2/images/{image_id}/tags/{tag}
GET /v2/images/{image_id}/tasks
GET /v2/info/import
GET /v2/info/stores
GET /v2/info/stores/detail
GET /v2/info/usage
GET /v2/schemas/image
GET /v2/schemas/images
GET /v2/schemas/member
GET /v2/schemas/members
DELETE /v2/stores/{store_id}/{image_id}
`;

/** Actions of `POST /servers/{id}/action`: Nova 26.1's api-ref, and what Nova had for its own networks. */
export const SERVER_ACTIONS: readonly string[] =
  `addFixedIp addFloatingIp addSecurityGroup changePassword confirmResize createBackup createImage evacuate forceDelete
  injectNetworkInfo lock migrate os-getConsoleOutput os-getRDPConsole os-getSerialConsole os-getSPICEConsole
  os-getVNCConsole os-migrateLive os-resetState os-start os-stop pause reboot rebuild removeFixedIp removeFloatingIp
  removeSecurityGroup rescue resetNetwork resize restore resume revertResize shelve shelveOffload suspend
  trigger_crash_dump unlock unpause unrescue unshelve`.split(/\s+/);

/** One call that a reference lists. */
export interface KnownOperation {
  readonly service: string;
  readonly method: string;
  /** Parameters in braces, named as the reference does. */
  readonly path: string;
}

const operations = (service: string, text: string): readonly KnownOperation[] =>
  text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const words = line.split(' ');
      const path = words.pop() ?? '';
      return words.map((method) => ({ service, method, path }));
    });

export const KNOWN_OPERATIONS: readonly KnownOperation[] = [
  ...operations('identity', IDENTITY_V3),
  ...operations('identity', IDENTITY_V2),
  ...operations('compute', COMPUTE),
  ...operations('image', IMAGE),
];
