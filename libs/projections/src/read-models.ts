/** Every read model: one folder (row, projector, specs) and one line here. Nothing else lists them. */
export * from './flavor.v2';
export * from './host-aggregate.v1';
export * from './host-claim.v1';
export * from './host.v2';
export * from './image.v1';
export * from './keypair.v1';
export * from './network-address.v1';
export * from './network.v1';
export * from './project.v2';
export * from './quota-reservation.v1';
export * from './quota.v2';
export * from './role-assignment.v1';
export * from './server-group.v2';
export * from './server-tag.v1';
export * from './server.v2';
export * from './user.v3';
