import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { lookup } from 'node:dns/promises';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { connectionsPerListener, guardHttp, HTTP_TIMEOUTS, type ConnectionLimits, type Refusal } from '@cairn/edge';
import { AccessGuard, EXACT_PATHS } from './access.guard';
import { BodyModule } from './body.guard';
import { answerBrokenConnection } from './broken-connection';
import type { Application } from '../../application/application';
import { TrustedProxies } from './forwarded';
import { openScope } from './open-scope';
import type { Problem } from './problem';
import { ProblemFilter } from './problem.filter';
import { Routes } from './routes';
import type { RunningService, ServiceDefinition } from './service';
import { serveUpgrades } from './upgrades';
import { addBodyParsers } from './body-parsers';
import { ValidationPipe } from './validation.pipe';

/** Names may stand in a path (`GET /servers/{name}`): longer than any name that can exist. */
const MAX_SEGMENT = 1024;
/** A client that sends its request slower than this is cut off; where bodies are streamed, those have a rule of their own. */
const SLOWEST_REQUEST_MS = 60_000;
const SLOWEST_HANDSHAKE_MS = 15_000;
/** What a client still sends of a body that nobody reads any more is thrown away for so long, and then its connection. */
const LINGER_MS = 5_000;
/** HTTP listeners of a controller at most. */
const LISTENERS = 6;
/** The share of one client's address in a listener's connections. */
const SHARE = 4;
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
      imports: [SharedModule.of(application), definition.module, BodyModule],
      // as the first module's: a service's own guards come after it, and last the one of bodies
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
  const open = (request: FastifyRequest, reply: FastifyReply): void => {
    openScope(core, definition, proxies, request, reply);
  };
  const filter = new ProblemFilter(definition, routes, log, core, open);
  const adapter = new FastifyAdapter({
    ...httpsOf(definition),
    routerOptions: { maxParamLength: MAX_SEGMENT, ignoreTrailingSlash: true },
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, definition.adminPrefix),
    requestTimeout: definition.streamedTypes === undefined ? SLOWEST_REQUEST_MS : 0,
    keepAliveTimeout: HTTP_TIMEOUTS.keepAliveTimeout,
    http: HTTP_TIMEOUTS,
    clientErrorHandler: answerBrokenConnection(dialect, core.random),
    // What Fastify refuses before it looks for a route: a URL that cannot be decoded.
    frameworkErrors: ({ statusCode = 400 }: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      open(request, reply);
      filter.answer({ status: statusCode, message: undefined, headers: {} }, request, reply);
    },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  const instance = adapter.getInstance<FastifyInstance>();
  routes.watch(instance);
  const guard = guardHttp(instance.server, limitsOf(definition, proxies));
  instance.addHook('onRequest', (request, reply, done) => {
    open(request, reply);
    if (hasBody(request))
      reply.raw.once('finish', () => {
        lingerOn(request.raw);
      });
    const refusal = guard.refusalOf(request.raw);
    if (refusal === undefined) done();
    else filter.answer(tooMany(refusal), request, reply);
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
  if (definition.upgrades !== undefined) {
    const handler = app.get(definition.upgrades, { strict: false });
    serveUpgrades(instance.server, handler, { dialect, guard, proxies, random: core.random, log, tooMany });
  }
  return app;
}

function limitsOf(
  { connections = connectionsPerListener(LISTENERS) }: ServiceDefinition,
  proxies: TrustedProxies,
): ConnectionLimits {
  const perAddress = Math.ceil(connections / SHARE);
  return { total: connections, perAddress, isMany: (address) => proxies.has(address) };
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** The answer is sent: what the client has not sent yet of its body, it may send for a while. */
function lingerOn(request: IncomingMessage): void {
  if (!request.complete) setTimeout(() => request.complete || request.destroy(), LINGER_MS).unref();
}

/** To the client of a connection that is one too many. */
const tooMany = (refusal: Refusal): Problem => ({
  status: refusal === 'address' ? 429 : 503,
  message: `Too many connections${refusal === 'address' ? ' from your address' : ''}. Please try again later.`,
  headers: { connection: 'close', 'retry-after': '1' },
});

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
  // One address, looked up here: of a name that has several, Fastify would listen on servers that nobody has bounded.
  const bound = await lookup(definition.address ?? core.config.bindHost);
  await app.listen(definition.port, bound.address);
  const { port, address, family } = app.getHttpServer().address() as AddressInfo;
  const url = `${definition.tls === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${String(port)}`;
  core.log.info('listening', { service: definition.name, url });
  return { name: definition.name, url, port, close: () => close(app) };
}

function httpsOf({ tls }: ServiceDefinition): object {
  if (tls === undefined) return {};
  const { certificate: cert, key, authority: ca } = tls;
  return {
    https: {
      ...HTTP_TIMEOUTS,
      ...{ cert, key, ca, requestCert: true, rejectUnauthorized: false, handshakeTimeout: SLOWEST_HANDSHAKE_MS },
    },
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
