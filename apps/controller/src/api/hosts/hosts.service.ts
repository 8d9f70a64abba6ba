import { Module } from '@nestjs/common';
import { readFileSync } from 'node:fs';

import type { ControllerConfig, RemoteConfig } from '../../config';
import { authorityFiles, CertificateAuthority } from '../../remote-hosts/authority';
import { Enrolments } from '../../remote-hosts/enrolments';
import type { OpenEnrolments } from '../../remote-hosts/open-enrolments';
import { StoreAccess } from '../../remote-hosts/store-access';
import { plainDialect, type ServiceDefinition } from '../http';
import { MetadataController } from '../metadata/metadata.controller';
import { HostAccess } from './host-access';
import { HostConsoles } from './host-consoles';
import { HostsController } from './hosts.controller';
import { JoinController, REMOTE } from './join.controller';

/** Answers to questions, and the data of images. */
const STREAMED = ['text/plain', 'application/octet-stream'];

const LOOPBACK = '127.0.0.1';

@Module({ controllers: [HostsController, MetadataController], providers: [HostAccess, HostConsoles] })
class HostsModule {}

/** The port for hosts on this machine: the hosts' API and the metadata service. */
export const hostsService = ({ ports }: ControllerConfig): ServiceDefinition => ({
  name: 'hosts',
  dialect: plainDialect,
  module: HostsModule,
  port: ports.metadata,
  // Tokens must not travel in clear: hosts elsewhere come by TLS.
  address: LOOPBACK,
  streamedTypes: STREAMED,
  upgrades: HostConsoles,
});

/** The port for enrolled hosts on other machines, and for those that join: TLS, with the host's certificate. */
export function remoteHostsService(
  remote: RemoteConfig,
  { enrolments, store }: Pick<OpenEnrolments, 'enrolments' | 'store'>,
): ServiceDefinition {
  @Module({
    controllers: [HostsController, MetadataController, JoinController],
    providers: [
      HostAccess,
      HostConsoles,
      { provide: REMOTE, useValue: remote },
      { provide: Enrolments, useValue: enrolments },
      { provide: StoreAccess, useValue: store },
      { provide: CertificateAuthority, useValue: new CertificateAuthority(remote.pki) },
    ],
  })
  class RemoteHostsModule {}

  const files = authorityFiles(remote.pki);
  return {
    name: 'remote-hosts',
    dialect: plainDialect,
    module: RemoteHostsModule,
    address: remote.address,
    port: remote.port,
    tls: {
      certificate: readFileSync(files.server),
      key: readFileSync(files.serverKey),
      authority: readFileSync(files.authority),
    },
    streamedTypes: STREAMED,
    upgrades: HostConsoles,
  };
}
