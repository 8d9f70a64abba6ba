import { type DynamicModule, Module, type Type, type ValueProvider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import { type Core, coreProviders, facadeProviders } from './core';
import { HANDLERS, SERVICES } from './registry';

/** Commands and queries of one process: each exists once, whatever number of façades stands in front of them. */
export interface Application {
  readonly core: Core;
  /** What façades inject: the very same instances in each of them. */
  readonly providers: readonly ValueProvider[];
  /** One of `SERVICES`, or a bus. */
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
