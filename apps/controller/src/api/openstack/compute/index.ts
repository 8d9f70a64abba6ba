import type { ControllerConfig } from '../../../config';
import { novaDialect, type ServiceDefinition } from '../../http';
import { ComputeModule } from './compute.module';

export const computeService = ({ ports }: ControllerConfig): ServiceDefinition => ({
  name: 'compute',
  dialect: novaDialect,
  module: ComputeModule,
  port: ports.compute,
  exactPaths: true,
});
