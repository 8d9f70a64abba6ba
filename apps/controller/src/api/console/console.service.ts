import { Module } from '@nestjs/common';

import type { ControllerConfig } from '../../config';
import { plainDialect, type ServiceDefinition } from '../http';
import { ConsoleProxy } from './console-proxy';
import { SiteController } from './site.controller';

@Module({ controllers: [SiteController], providers: [ConsoleProxy] })
class ConsoleModule {}

/** Consoles of servers: noVNC's page, and the websockets that lead to the guests. */
export const consoleService = ({ ports }: ControllerConfig): ServiceDefinition => ({
  name: 'console',
  dialect: plainDialect,
  module: ConsoleModule,
  port: ports.console,
  upgrades: ConsoleProxy,
});
