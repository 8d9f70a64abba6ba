import type { FastifyInstance } from 'fastify';

interface Route {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `/v3/users/:id` as an expression; each parameter is one path segment, a star is the rest. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split(/(:[A-Za-z_]\w*|\*)/)
      .map((part, i) => (i % 2 === 0 ? escape(part) : part === '*' ? '.*' : '[^/]+'))
      .join('')}$`,
  );

/** The routes that an application has, so that "wrong method" can be told from "no such path". */
export class Routes {
  private readonly byUrl = new Map<string, Route>();

  /** Notes every route that is registered from now on. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', ({ url, method }) => {
      const route = this.byUrl.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      for (const name of Array.isArray(method) ? method : [method]) route.methods.add(name);
      this.byUrl.set(url, route);
    });
  }

  /** The methods that the path of a URL has; empty for an unknown path. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] as string;
    const found = [...this.byUrl.values()].filter(({ pattern }) => pattern.test(path) || pattern.test(`${path}/`));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }
}
