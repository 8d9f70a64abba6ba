import { Body, Controller, Delete, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DomainError, type KeyPair, streamRef } from '@cairn/domain';
import type { FastifyReply } from 'fastify';
import { CreateKeypair } from '../../../../application/keypair/keypair.handlers';
import { KeypairQuery } from '../../../../application/keypair/keypair.query';
import type { Random } from '../../../../random';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { HttpProblem, PolicyOfTarget } from '../../../http';
import { badRequest, refuseBefore } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { lastOf, limitOf } from '../shared/query-values';
import { type GeneratedKey, generateKey } from './generate-key';
import { CreateKeypairBody } from './keypair.dto';
import { presentCreatedKeypair, presentKeypair, presentKeypairBrief } from './keypair.presenter';
import { parseSshPublicKey } from './ssh-public-key';
import { generateCertificate, parseCertificate } from './x509-key';

const TYPES_SINCE = 2;
const USERS_SINCE = 10;
const PAGES_SINCE = 35;

@Controller(computePaths('os-keypairs'))
export class KeypairsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly writes: Writes,
    private readonly keypairs: KeypairQuery,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @PolicyOfTarget('os_compute_api:os-keypairs:index')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const { minor, query, links } = request;
    const userId = userOf(request, 'index');
    if (minor < PAGES_SINCE)
      return { keypairs: (await this.keypairs.of(userId)).map((row) => presentKeypairBrief(row, minor)) };
    const [limit, marker] = [limitOf(query), lastOf(query, 'marker') ?? null];
    if (marker !== null && (await this.keypairs.find(userId, marker)) === null)
      throw badRequest(`marker [${marker.slice(0, 255)}] not found`);
    const rows = limit === 0 ? [] : await this.keypairs.of(userId, marker, limit);
    const last = rows.at(-1);
    const more = last !== undefined && rows.length === limit;
    return {
      keypairs: rows.map((row) => presentKeypairBrief(row, minor)),
      ...(more ? { keypairs_links: [links.next('os-keypairs', query, last.name)] } : {}),
    };
  }

  @Get(':name')
  @PolicyOfTarget('os_compute_api:os-keypairs:show')
  async show(@Param('name') name: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    const userId = userOf(request, 'show');
    const row = await this.keypairs.find(userId, name);
    if (row === null) throw new HttpProblem(404, `Keypair ${name} not found for user ${userId}`);
    return presentKeypair(row, request.minor);
  }

  @Post()
  @PolicyOfTarget('os_compute_api:os-keypairs:create')
  async create(
    @Body() { keypair }: CreateKeypairBody,
    @FromCompute() request: ComputeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { minor, projectId } = request;
    refuseBefore(minor, TYPES_SINCE, keypair, 'type');
    refuseBefore(minor, USERS_SINCE, keypair, 'user_id');
    const userId = keypair.user_id ?? request.userId;
    request.rights.require('os_compute_api:os-keypairs:create', { user_id: userId });
    const keyType = keypair.type ?? 'ssh';
    const { privateKey, ...key } =
      keypair.public_key === undefined ? await MAKE[keyType](userId) : importKey(keyType, keypair.public_key);
    const keyPair: KeyPair = { userId, name: keypair.name, keyType, ...key };
    const context = commandContext(request.caller, 'create-keypair', this.random);
    const kept = await this.commands.execute(new CreateKeypair(projectId, keyPair, context));
    if (kept.fingerprint !== keyPair.fingerprint) throw alreadyMade(keyPair.name);
    void reply.status(minor >= TYPES_SINCE ? 201 : 200);
    return presentCreatedKeypair(keyPair, privateKey, minor);
  }

  @Delete(':name')
  @PolicyOfTarget('os_compute_api:os-keypairs:delete')
  async remove(
    @Param('name') name: string,
    @FromCompute() request: ComputeRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const userId = userOf(request, 'delete');
    const context = commandContext(request.caller, `delete-keypair/${name}`, this.random);
    await this.writes.execute(streamRef('keypairs', userId), { type: 'DeleteKeyPair', data: { name } }, context);
    void reply.status(request.minor >= TYPES_SINCE ? 204 : 202);
  }
}

/** A repeat of a request that had a key made: the first answer alone held the private key. */
const alreadyMade = (name: string): DomainError =>
  new DomainError('conflict', 'keypair.exists', `Key pair '${name}' already exists; its private key was shown once.`);

/** The own key pairs, or from 2.10 on for administrators those of the user that is named. */
function userOf({ minor, query, userId, rights }: ComputeRequest, action: string): string {
  const named = minor >= USERS_SINCE ? lastOf(query, 'user_id') : undefined;
  const asked = named ?? userId;
  rights.require(`os_compute_api:os-keypairs:${action}`, { user_id: asked });
  return asked;
}

interface ImportedKey {
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly privateKey: null;
}

type KeyType = KeyPair['keyType'];

const MAKE: Readonly<Record<KeyType, (userId: string) => Promise<GeneratedKey>>> = {
  ssh: generateKey,
  x509: generateCertificate,
};

const FINGERPRINT: Readonly<Record<KeyType, (publicKey: string) => string | undefined>> = {
  ssh: (publicKey) => parseSshPublicKey(publicKey)?.fingerprint,
  x509: parseCertificate,
};

function importKey(keyType: KeyType, publicKey: string): ImportedKey {
  const fingerprint = FINGERPRINT[keyType](publicKey);
  if (fingerprint === undefined) throw badRequest('Keypair data is invalid: failed to generate fingerprint');
  return { publicKey, fingerprint, privateKey: null };
}
