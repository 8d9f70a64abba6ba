import { type DynamicModule, Module, type Type, type ValueProvider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Command, CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import type { CommandContext } from '../runtime/ports';
import { type Core, coreProviders, facadeProviders, RequestKeys } from './core';
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

/** The bus as façades have it: the key of a request comes before its commands. */
class KeyedCommandBus {
  constructor(
    private readonly bus: CommandBus,
    private readonly keys: RequestKeys,
  ) {}

  async execute<R>(command: Command<R> & { readonly context?: CommandContext }): Promise<R> {
    if (command.context !== undefined) await this.keys.use(command.context);
    return this.bus.execute(command);
  }
}

export async function openApplication(core: Core): Promise<Application> {
  const context = await NestFactory.createApplicationContext(ApplicationModule.of(core), {
    logger: false,
    abortOnError: false,
  });
  const get = <T>(service: Type<T>): T => context.get(service, { strict: false });
  const shared = new Map<Type, unknown>([QueryBus, ...SERVICES].map((service) => [service, get<unknown>(service)]));
  shared.set(CommandBus, new KeyedCommandBus(get(CommandBus), get(RequestKeys)));
  return {
    core,
    providers: [...facadeProviders(core), ...[...shared].map(([provide, useValue]) => ({ provide, useValue }))],
    get: <T>(service: Type<T>) => (shared.get(service) ?? get(service)) as T,
    close: () => context.close(),
  };
}
