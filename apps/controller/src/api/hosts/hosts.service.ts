import { Module } from '@nestjs/common';
import { readFileSync } from 'node:fs';

import { provideBlobs } from '../../blobs';
import type { ControllerConfig, RemoteConfig } from '../../config';
import { authorityFiles, CertificateAuthority } from '../../remote-hosts/authority';
import { Enrolments } from '../../remote-hosts/enrolments';
import { plainDialect, type ServiceDefinition } from '../http';
import { FindGuest } from '../../application/server/find-guest';
import { MetadataController } from '../metadata/metadata.controller';
import { ClaimedImage } from '../../application/host/claimed-image';
import { HostAccess } from './host-access';
import { HostsController } from './hosts.controller';
import { JoinController, REMOTE } from './join.controller';

const LOOPBACK = '127.0.0.1';

/** The port for hosts on this machine: the hosts' API and the metadata service. */
export function hostsService(config: ControllerConfig): ServiceDefinition {
  @Module({
    controllers: [HostsController, MetadataController],
    providers: [HostAccess, ClaimedImage, FindGuest, provideBlobs(config)],
  })
  class HostsModule {}

  return {
    name: 'hosts',
    dialect: plainDialect,
    module: HostsModule,
    port: config.ports.metadata,
    // Tokens must not travel in clear: hosts elsewhere come by TLS.
    address: LOOPBACK,
    streamedTypes: ['text/plain'],
  };
}

/** The port for enrolled hosts on other machines, and for those that join: TLS, with the host's certificate. */
export function remoteHostsService(
  config: ControllerConfig,
  remote: RemoteConfig,
  enrolments: Enrolments,
): ServiceDefinition {
  @Module({
    controllers: [HostsController, MetadataController, JoinController],
    providers: [
      HostAccess,
      ClaimedImage,
      FindGuest,
      provideBlobs(config),
      { provide: REMOTE, useValue: remote },
      { provide: Enrolments, useValue: enrolments },
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
    streamedTypes: ['text/plain'],
  };
}
