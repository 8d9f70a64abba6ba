import type { ControllerConfig } from '../../../config';
import { keystoneDialect, type ServiceDefinition } from '../../http';
import { ADMIN_PREFIX } from './catalog';
import { IdentityModule } from './identity.module';

export const identityService = ({ ports }: ControllerConfig): ServiceDefinition => ({
  name: 'identity',
  dialect: keystoneDialect,
  module: IdentityModule,
  port: ports.identity,
  adminPrefix: ADMIN_PREFIX,
});
