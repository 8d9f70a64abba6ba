import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { Shape } from '../../../apps/controller/src/api/http/bind';
import { NEEDS_NO_TOKEN, REMOVED, type RouteRule, RULE } from '../../../apps/controller/src/api/http/access';
import { FIRST, LAST } from '../../../apps/controller/src/api/openstack/compute/shared/compute-request.guard';
import { computePaths } from '../../../apps/controller/src/api/openstack/compute/shared/compute-request';
import type { DocumentedCloud, Method } from './documented-cloud';

/** What is asked for its routes. */
type Asked = Pick<DocumentedCloud, 'apps' | 'status'>;

/** One route as a reader of the table sees it. */
export interface ServedRoute {
  readonly service: string;
  readonly method: Method | 'ALL';
  /** Parameters in braces. Of compute's resources only what follows `/v2.1/{projectId}`. */
  readonly path: string;
  /** Every path under which it is registered, as Fastify knows it. */
  readonly urls: readonly string[];
  /** Of compute: the first and last minor microversion, undefined where there is no limit. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** `anyone`, `token`, `host` (a host's credential), or the name of the policy rule. */
  readonly access: string;
  /** The class of its body; undefined where it has none, or reads it by hand. */
  readonly body: Shape | undefined;
}

type Handler = (...args: never[]) => unknown;
interface Place {
  readonly app: NestFastifyApplication;
  readonly service: string;
  readonly controller: Handler;
}

const asList = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value);
const join = (...parts: readonly string[]): string =>
  `/${parts
    .map((part) => part.replace(/^\/|\/$/g, ''))
    .filter((part) => part !== '')
    .join('/')}`;
const braced = (url: string): string => url.replace(/:(\w+)/g, '{$1}');

/** The routes that all services serve, read from what Nest has registered, each confirmed by the HTTP server's own router. */
export async function servedRoutes(cloud: Asked): Promise<readonly ServedRoute[]> {
  const routes: ServedRoute[] = [];
  for (const [service, app] of cloud.apps) {
    for (const module of app.get(ModulesContainer).values()) {
      for (const { metatype } of module.controllers.values()) {
        const controller = metatype as Handler;
        if (Reflect.getMetadata(REMOVED, controller) !== true) routes.push(...routesOf({ app, service, controller }));
      }
    }
  }
  return Promise.all(routes.map((route) => withHostAccess(cloud, route)));
}

function routesOf(place: Place): readonly ServedRoute[] {
  const prototype = place.controller.prototype as Readonly<Record<string, Handler>>;
  const reflector = place.app.get(Reflector);
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name];
    if (handler === undefined) return [];
    const verb = reflector.get<RequestMethod | undefined>(METHOD_METADATA, handler);
    return verb === undefined ? [] : [{ ...routeOf(place, handler, verb), body: bodyOf(place.controller, name) }];
  });
}

function bodyOf(controller: Handler, name: string): Shape | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { index: number }>;
  const [, body] = Object.entries(args).find(([key]) => key.startsWith(`${String(RouteParamtypes.BODY)}:`)) ?? [];
  if (body === undefined) return undefined;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) as readonly Shape[];
  return types[body.index] === Object ? undefined : types[body.index];
}

function routeOf(
  { app, service, controller }: Place,
  handler: Handler,
  verb: RequestMethod,
): Omit<ServedRoute, 'body'> {
  const of = [handler, controller];
  const reflector = app.get(Reflector);
  const paths = asList(reflector.get(PATH_METADATA, handler));
  const urls = asList(reflector.get(PATH_METADATA, controller)).flatMap((a) => paths.map((b) => join(a, b)));
  const method = RequestMethod[verb] as Method | 'ALL';
  const router = app.getHttpAdapter().getInstance();
  for (const url of urls) {
    if (!router.hasRoute({ method: method === 'ALL' ? 'GET' : method, url }))
      throw new Error(`no route ${method} ${url}`);
  }
  const rule = reflector.getAllAndOverride<RouteRule | undefined>(RULE, of);
  const open = reflector.getAllAndOverride<boolean | undefined>(NEEDS_NO_TOKEN, of) === true;
  return {
    service,
    method,
    path: braced(commonPath(urls)),
    urls,
    first: reflector.getAllAndOverride<number | undefined>(FIRST, of),
    last: reflector.getAllAndOverride<number | undefined>(LAST, of),
    access: open ? 'anyone' : (rule?.name ?? 'token'),
  };
}

/** The one path, or what compute's three spellings have in common. @throws Error for any other set of paths. */
function commonPath(urls: readonly string[]): string {
  const [first = ''] = urls;
  if (urls.length === 1) return first;
  const resource = first.replace(/^\/v2\.1\/:projectId\//, '');
  if (String(urls) !== String(computePaths(resource).map((path) => join(path))))
    throw new Error(`strange paths: ${String(urls)}`);
  return `/${resource}`;
}

/** The hosts' routes look at the host's credential themselves: a stranger is told so. */
async function withHostAccess(cloud: Asked, route: ServedRoute): Promise<ServedRoute> {
  if (route.service !== 'hosts' || route.access !== 'anyone') return route;
  const method = route.method === 'ALL' ? 'GET' : route.method;
  const [url = ''] = route.urls;
  const status = await cloud.status('hosts', method, url.replace(/:\w+/g, 'x').replace('*', 'x'));
  return status === 401 ? { ...route, access: 'host' } : route;
}
