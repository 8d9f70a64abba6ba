import { type DynamicModule, Module, type Type, type ValueProvider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { type Core, coreProviders, facadeProviders } from './core';
import { HANDLERS, SERVICES } from './registry';

/** The commands and queries of one process. Each exists once, however many façades use it. */
export interface Application {
  readonly core: Core;
  /** The providers that façades inject: the same instances in each façade. */
  readonly providers: readonly ValueProvider[];
  /** An entry of `SERVICES`, or a bus. */
  get<T>(service: Type<T>): T;
  close(): Promise<void>;
}

@Module({})
class ApplicationModule {
  static of(core: Core): DynamicModule {
    return {
      module: ApplicationModule,
      imports: [CqrsModule.forRoot()],
      providers: [...coreProviders(core), ...HANDLERS, ...SERVICES],
    };
  }
}

export async function openApplication(core: Core): Promise<Application> {
  const context = await NestFactory.createApplicationContext(ApplicationModule.of(core), {
    logger: false,
    abortOnError: false,
  });
  const shared = [CommandBus, QueryBus, ...SERVICES].map((service): ValueProvider => {
    const useValue: unknown = context.get<unknown>(service, { strict: false });
    return { provide: service, useValue };
  });
  return {
    core,
    providers: [...facadeProviders(core), ...shared],
    get: (service) => context.get(service, { strict: false }),
    close: () => context.close(),
  };
}
