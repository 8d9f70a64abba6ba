import { Body, Controller, Delete, Get, HttpCode, Module, Param, Post, Put, Query, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DomainError } from '@cairn/domain';
import { IsInt, IsOptional, IsString } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { processLog } from '@cairn/log';
import { openApplication } from '../../application/application';
import { Policy, NoToken, VersionDocument } from './access';
import { TakesStream } from './body-limits';
import { commandContext } from '../../application/core';
import { glanceDialect, keystoneDialect, novaDialect } from './dialects';
import { createHttpService } from './http-service';
import { Nested } from './nested';
import type { Caller } from '../../application/core';
import { FromCaller } from './request-scope';
import type { ServiceDefinition } from './service';
import { Enforcer, RuleSet } from '../../policy';
import { fakeCore, principalOf, tokens } from '../../application/core/testing/fake-core';

class ThingBody {
  @IsString() readonly name!: string;
  @IsOptional() @IsInt() readonly size?: number;
}

class CreateThingBody {
  @Nested(() => ThingBody) readonly thing!: ThingBody;
}

class ListQuery {
  @IsOptional() @IsString() readonly name?: string;
}

@Controller('things')
class ThingsController {
  @Get()
  @VersionDocument()
  versions(): unknown {
    return { versions: [] };
  }

  @Post()
  @HttpCode(202)
  create(@Body() body: CreateThingBody, @FromCaller() caller: Caller): unknown {
    const context = commandContext(caller, 'create-thing', fakeCore().random);
    return { name: body.thing.name, user: context.actor.userId, commandId: context.commandId };
  }

  @Get('list')
  list(@Query() query: ListQuery): unknown {
    return query;
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id') id: string): void {
    if (id === 'bug') throw new Error('a detail that nobody may see', { cause: new Error('the cause') });
    if (id === 'taken') throw new DomainError('conflict', 'thing.taken', 'Thing is taken.');
    if (id === 'busy') throw new DomainError('unavailable', 'thing.busy', 'Thing is busy.');
  }

  @Put(':id/reset')
  @Policy('things:reset')
  reset(): unknown {
    return {};
  }

  @Put(':id/file')
  @TakesStream()
  @NoToken()
  async upload(@Req() request: FastifyRequest): Promise<unknown> {
    let bytes = 0;
    for await (const chunk of request.body as AsyncIterable<Buffer>) bytes += chunk.length;
    return { bytes };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const definition: ServiceDefinition = {
  name: 'compute',
  dialect: novaDialect,
  module: ThingsModule,
  port: 0,
  streamedTypes: ['application/octet-stream'],
};

const REQUEST_ID = /^req-[0-9a-f-]{36}$/;

describe('an HTTP service', () => {
  const lines: string[] = [];
  let ready = true;
  let app: NestFastifyApplication;
  const refusals: string[] = [];
  const core = fakeCore({
    policy: new Enforcer(RuleSet.of({ context_is_admin: 'role:admin', 'things:reset': 'rule:context_is_admin' })),
    audit: { refusedByPolicy: (rule, { actor }) => refusals.push(`${actor.userId} ${rule}`) },
    authenticator: tokens({ demo: principalOf('demo', 'p1', 'member'), admin: principalOf('admin', 'p1', 'admin') }),
    log: processLog({ now: () => 'now', write: (line) => lines.push(line) }),
  });

  beforeAll(async () => {
    const readModel = { ...core.readModel, isReady: () => ready };
    app = await createHttpService(await openApplication({ ...core, readModel }), definition);
  });
  afterAll(() => app.close());

  const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH', url: string, rest: object = {}) =>
    app.inject({ method, url, headers: { 'x-auth-token': 'demo' }, ...rest });
  const post = (payload: string, headers: Record<string, string> = {}) =>
    send('POST', '/things', {
      payload,
      headers: { 'x-auth-token': 'demo', 'content-type': 'application/json', ...headers },
    });

  it('puts the request id on answers and errors alike', async () => {
    for (const answer of [await send('GET', '/things'), await send('GET', '/nowhere'), await post('{')]) {
      expect(answer.headers['x-openstack-request-id']).toMatch(REQUEST_ID);
      expect(answer.headers['x-compute-request-id']).toBe(answer.headers['x-openstack-request-id']);
    }
  });

  it('knows an unknown path from a wrong method', async () => {
    const unknown = await send('GET', '/nowhere');
    expect([unknown.statusCode, unknown.json()]).toEqual([
      404,
      { itemNotFound: { code: 404, message: 'The resource could not be found.' } },
    ]);
    const wrong = await send('PATCH', '/things/7/reset');
    expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, 'PUT']);
    expect(wrong.json()).toHaveProperty('badMethod.code', 405);
  });

  it('asks for a token and says where to get one', async () => {
    for (const headers of [{}, { 'x-auth-token': 'forged' }]) {
      const answer = await app.inject({ method: 'GET', url: '/things/list', headers });
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toHaveProperty('unauthorized.code', 401);
      expect(answer.headers['www-authenticate']).toBe('Keystone uri="http://localhost:5000"');
    }
  });

  it('lets through only the role that a rule names', async () => {
    const refused = await send('PUT', '/things/7/reset');
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toEqual({
      forbidden: { code: 403, message: "Policy doesn't allow things:reset to be performed." },
    });
    expect(refusals).toEqual(['demo things:reset']);
    const allowed = await send('PUT', '/things/7/reset', { headers: { 'x-auth-token': 'admin' } });
    expect(allowed.statusCode).toBe(200);
  });

  it.each([
    ['{"thing"', 'Malformed request body'],
    ['[]', 'Malformed request body: it must be a JSON object.'],
    ['"x"', 'Malformed request body: it must be a JSON object.'],
    ['{"__proto__": {"thing": 1}}', "Additional properties are not allowed ('__proto__' was unexpected)"],
    [
      '{"thing": {"name": "a", "constructor": []}}',
      `Invalid input for field/attribute thing. Value: {"name":"a","constructor":[]}. ` +
        `Additional properties are not allowed ('constructor' was unexpected)`,
    ],
    ['', "'thing' is a required property"],
    ['{"thing": null}', 'Invalid input for field/attribute thing. Value: null. thing should not be null or undefined'],
    ['{"thing": [{}]}', 'Invalid input for field/attribute thing. Value: [{}]. thing must be an object'],
    ['{}', "'thing' is a required property"],
    ['{"thing": {}}', `Invalid input for field/attribute thing. Value: {}. 'name' is a required property`],
    ['{"thing": {"name": 5}}', 'Invalid input for field/attribute name. Value: 5. name must be a string'],
    [
      '{"thing": {"name": "a", "foo": 1}}',
      `Invalid input for field/attribute thing. Value: {"name":"a","foo":1}. ` +
        `Additional properties are not allowed ('foo' was unexpected)`,
    ],
    ['{"foo": 1, "thing": {"name": "a"}}', "Additional properties are not allowed ('foo' was unexpected)"],
    [
      '{"thing": {"name": "a", "size": "5"}}',
      'Invalid input for field/attribute size. Value: "5". size must be an integer number',
    ],
  ])('refuses the body %s', async (payload, message) => {
    const answer = await post(payload);
    expect([answer.statusCode, answer.json()]).toEqual([400, { badRequest: { code: 400, message } }]);
  });

  it('refuses a body that is nested deeper than any request', async () => {
    const answer = await post(`{"thing": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect([answer.statusCode, answer.json()]).toHaveProperty('1.badRequest.message', 'Malformed request body');
  });

  it('refuses what is too large or of another type', async () => {
    const large = await post(`{"thing": "${'x'.repeat(1024 * 1024)}"}`);
    expect([large.statusCode, large.json()]).toEqual([
      413,
      { overLimit: { code: 413, message: 'Request is too large.' } },
    ]);
    const typed = await post('<thing/>', { 'content-type': 'application/xml' });
    expect([typed.statusCode, typed.json()]).toEqual([
      415,
      { badMediaType: { code: 415, message: 'Unsupported Content-Type' } },
    ]);
  });

  it('hands a stream to the controller, however large', async () => {
    const answer = await send('PUT', '/things/7/file', {
      payload: Buffer.alloc(3 * 1024 * 1024),
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(answer.json()).toEqual({ bytes: 3 * 1024 * 1024 });
    const refused = await send('PUT', '/things/7/file', {
      payload: Buffer.alloc(3 * 1024 * 1024),
      headers: { 'x-auth-token': 'demo', 'content-type': 'application/json; charset=utf-8' },
    });
    expect(refused.statusCode).toBe(415);
  });

  it('drops unknown query parameters', async () => {
    expect((await send('GET', '/things/list?name=a&foo=b')).json()).toEqual({ name: 'a' });
  });

  it('makes one command of a repeated Idempotency-Key', async () => {
    const body = '{"thing": {"name": "a"}}';
    const [first, second, other] = [
      await post(body, { 'idempotency-key': 'k1' }),
      await post(body, { 'idempotency-key': 'k1' }),
      await post(body, { 'idempotency-key': 'k1', 'x-auth-token': 'admin' }),
    ].map((answer) => answer.json<{ commandId: string }>().commandId);
    expect(second).toBe(first);
    expect(other).not.toBe(first);
  });

  it('gives each refusal of the domain its status', async () => {
    expect((await send('DELETE', '/things/taken')).json()).toEqual({
      conflictingRequest: { code: 409, message: 'Thing is taken.' },
    });
    const busy = await send('DELETE', '/things/busy');
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '1']);
  });

  it('keeps a bug to itself and its cause in the log', async () => {
    const answer = await send('DELETE', '/things/bug');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('detail');
    const line = lines
      .map((text) => JSON.parse(text) as Record<string, unknown>)
      .find(({ level }) => level === 'error');
    expect(line).toMatchObject({
      requestId: answer.headers['x-openstack-request-id'],
      error: { message: 'a detail that nobody may see', cause: { message: 'the cause' } },
    });
  });

  it('answers 503 until the read models are there, but always tells its versions', async () => {
    ready = false;
    const list = await send('GET', '/things/list');
    const versions = await send('GET', '/things');
    ready = true;
    expect([list.statusCode, list.headers['retry-after'], versions.statusCode]).toEqual([503, '1', 200]);
  });

  it('answers what is no proper URL', async () => {
    const answer = await send('DELETE', '/things/%FF');
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['x-openstack-request-id']).toMatch(REQUEST_ID);
    expect(answer.json()).toHaveProperty('badRequest');
  });

  it('answers what is no proper URL also where no route has the method', async () => {
    const answer = await send('PATCH', '/things/%/reset');
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['x-openstack-request-id']).toMatch(REQUEST_ID);
    expect(answer.json()).toHaveProperty('badMethod');
  });
});

describe('the services own shapes', () => {
  it('is an error object with a title for keystone', () => {
    const fault = keystoneDialect.render(404, 'Could not find user: x.', undefined);
    expect(JSON.parse(fault.body)).toEqual({
      error: { code: 404, message: 'Could not find user: x.', title: 'Not Found' },
    });
  });

  it('is what the Accept header says for glance', () => {
    const types = ['application/json', '*/*', 'text/plain', undefined].map(
      (accept) => glanceDialect.render(404, '<x>', accept).contentType,
    );
    expect(types).toEqual([
      'application/json',
      'text/html; charset=UTF-8',
      'text/plain; charset=UTF-8',
      'text/html; charset=UTF-8',
    ]);
    expect(glanceDialect.render(404, '<x>', '*/*').body).toContain('&lt;x&gt;');
    expect(JSON.parse(glanceDialect.render(404, '<x>', 'application/json').body)).toEqual({
      message: '<x>',
      code: '404 Not Found',
      title: 'Not Found',
    });
  });
});
