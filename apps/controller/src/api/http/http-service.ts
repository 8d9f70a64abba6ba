import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AccessGuard, EXACT_PATHS } from './access.guard';
import { addBodyParsers } from './body-parsers';
import { answerBrokenConnection } from './broken-connection';
import type { Application } from '../../application/application';
import { TrustedProxies } from './forwarded';
import { openScope } from './open-scope';
import { ProblemFilter } from './problem.filter';
import { Routes } from './routes';
import type { RunningService, ServiceDefinition } from './service';
import { ValidationPipe } from './validation.pipe';

/** JSON bodies: more than the largest that OpenStack's clients send (user data of 64 KiB, five personality files). */
const BODY_LIMIT = 1024 * 1024;
/** Names may stand in a path (`GET /servers/{name}`): longer than any name that can exist. */
const MAX_SEGMENT = 1024;
/** A client that sends its request slower than this is cut off; image uploads take as long as they take. */
const SLOWEST_REQUEST_MS = 60_000;
const SLOWEST_HEADERS_MS = 20_000;
/** How long requests that are under way may take when the service ends. */
const CLOSING_MS = 5_000;

/** The application that all services share, as a service's controllers inject it. */
@Module({})
class SharedModule {
  static of({ providers }: Application): DynamicModule {
    return { module: SharedModule, global: true, providers: [...providers], exports: [...providers] };
  }
}

@Module({})
class HttpModule {
  static of(application: Application, definition: ServiceDefinition): DynamicModule {
    return {
      module: HttpModule,
      imports: [SharedModule.of(application), definition.module],
      // as the first module's: a service's own guards come after it
      providers: [
        { provide: EXACT_PATHS, useValue: definition.exactPaths ?? false },
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}

/** The HTTP server of one façade, with its own way to answer errors, not yet listening: for `inject` in tests, too. */
export async function createHttpService(
  application: Application,
  definition: ServiceDefinition,
): Promise<NestFastifyApplication> {
  const { core } = application;
  const { dialect, name } = definition;
  const log = core.log.with({ service: name });
  const routes = new Routes();
  const proxies = new TrustedProxies(core.config.trustedProxies);
  const filter = new ProblemFilter(definition, routes, log, core);
  const adapter = new FastifyAdapter({
    ...httpsOf(definition),
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_SEGMENT, ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, definition.adminPrefix),
    requestTimeout: definition.streamedTypes === undefined ? SLOWEST_REQUEST_MS : 0,
    http: { headersTimeout: SLOWEST_HEADERS_MS },
    clientErrorHandler: answerBrokenConnection(dialect, core.random),
    // What Fastify refuses before it looks for a route: a URL that cannot be decoded.
    frameworkErrors: ({ statusCode = 400 }: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      openScope(core, definition, proxies, request, reply);
      filter.answer({ status: statusCode, message: undefined, headers: {} }, request, reply);
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  const instance = adapter.getInstance<FastifyInstance>();
  routes.watch(instance);
  instance.addHook('onRequest', (request, reply, done) => {
    openScope(core, definition, proxies, request, reply);
    done();
  });
  addBodyParsers(instance, definition);
  const app = await NestFactory.create<NestFastifyApplication>(HttpModule.of(application, definition), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(filter);
  await app.init();
  await instance.ready();
  return app;
}

/** `/identity_admin/v3` as `/v3`. */
const withoutPrefix = (url: string, prefix: string | undefined): string =>
  prefix !== undefined && url.startsWith(`${prefix}/`) ? url.slice(prefix.length) : url;

/** Creates the service and listens on the configured address. @throws when the port is taken. */
export async function startHttpService(
  application: Application,
  definition: ServiceDefinition,
): Promise<RunningService> {
  const { core } = application;
  const app = await createHttpService(application, definition);
  await app.listen(definition.port, definition.address ?? core.config.bindHost);
  const { port, address, family } = app.getHttpServer().address() as AddressInfo;
  const url = `${definition.tls === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
  core.log.info('listening', { service: definition.name, url });
  return { name: definition.name, url, port, close: () => close(app) };
}

function httpsOf({ tls }: ServiceDefinition): object {
  if (tls === undefined) return {};
  const { certificate: cert, key, authority: ca } = tls;
  return {
    https: { cert, key, ca, requestCert: true, rejectUnauthorized: false, handshakeTimeout: SLOWEST_HEADERS_MS },
  };
}

/** Answers running requests, but does not let a stalled upload keep the controller from ending. */
async function close(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const patience = setTimeout(() => {
    server.closeAllConnections();
  }, CLOSING_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(patience);
  }
}
