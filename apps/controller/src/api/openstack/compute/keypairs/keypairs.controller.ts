import { Body, Controller, Delete, Get, Inject, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DomainError, type KeyPair, streamRef } from '@cairn/domain';
import type { FastifyReply } from 'fastify';
import { CreateKeypair } from '../../../../application/keypair/keypair.handlers';
import { KeypairQuery } from '../../../../application/keypair/keypair.query';
import { Lists } from '../../../../application/lists';
import type { Random } from '../../../../random';
import { commandContext, RANDOM, Writes } from '../../../../application/core';
import { HttpProblem, PolicyOfTarget } from '../../../http';
import { badRequest, requireKnownFields, requireKnownParameters } from '../shared/additional';
import { computePaths, type ComputeRequest, FromCompute } from '../shared/compute-request';
import { presentPage } from '../shared/nova-lists';
import { type GeneratedKey, generateKey } from './generate-key';
import { CreateKeypairBody } from './keypair.dto';
import { KEYPAIRS, userOf } from './keypair-list';
import { presentCreatedKeypair, presentKeypair, presentKeypairBrief } from './keypair.presenter';
import { parseSshPublicKey } from './ssh-public-key';
import { generateCertificate, parseCertificate } from './x509-key';

const TYPES_SINCE = 2;
const PARAMETERS = ['user_id'];
const FIELDS = { type: { since: TYPES_SINCE }, user_id: { since: 10 } };

@Controller(computePaths('os-keypairs'))
export class KeypairsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly writes: Writes,
    private readonly keypairs: KeypairQuery,
    private readonly lists: Lists,
    @Inject(RANDOM) private readonly random: Random,
  ) {}

  @Get()
  @PolicyOfTarget('os_compute_api:os-keypairs:index')
  async index(@FromCompute() request: ComputeRequest): Promise<unknown> {
    const page = await this.lists.page(KEYPAIRS, request);
    return presentPage('keypairs', 'os-keypairs', page, request, (row) => presentKeypairBrief(row, request.minor));
  }

  @Get(':name')
  @PolicyOfTarget('os_compute_api:os-keypairs:show')
  async show(@Param('name') name: string, @FromCompute() request: ComputeRequest): Promise<unknown> {
    requireKnownParameters(request, PARAMETERS);
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
    requireKnownFields(minor, keypair, FIELDS);
    requireName(keypair, minor);
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
    requireKnownParameters(request, PARAMETERS);
    const userId = userOf(request, 'delete');
    const context = commandContext(request.caller, `delete-keypair/${name}`, this.random);
    await this.writes.execute(streamRef('keypairs', userId), { type: 'DeleteKeyPair', data: { name } }, context);
    void reply.status(request.minor >= TYPES_SINCE ? 204 : 202);
  }
}

/** From here on keys are made by their owners alone. */
const IMPORTED_SINCE = 92;

/** @throws HttpProblem 400 for a key that is to be made, and before 2.92 for a name with `@` or a dot. */
function requireName({ name, public_key: publicKey }: CreateKeypairBody['keypair'], minor: number): void {
  if (minor < IMPORTED_SINCE && /[@.]/.test(name))
    throw badRequest('Keypair data is invalid: Keypair name contains unsafe characters');
  if (minor >= IMPORTED_SINCE && publicKey === undefined)
    throw badRequest("Invalid input for field/attribute keypair. 'public_key' is a required property");
}

/** A repeat of a request that had a key made: the first answer alone held the private key. */
const alreadyMade = (name: string): DomainError =>
  new DomainError('conflict', 'keypair.exists', `Key pair '${name}' already exists; its private key was shown once.`);

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
