import { JobFailure } from '../../ports/errors';

import { type Virsh, VirshFailed } from './virsh';

/** The agent answers within moments, or not at all: its guest hangs, or has none. */
const ANSWER_SECONDS = 20;

/** What libvirt says where nobody answers at the other end of the channel, or where there is no channel. */
const SILENT = /agent is not (connected|responding|configured|available)|not responding|domain is not running/i;

/** The agent inside a guest, by the channel that libvirt keeps to it. */
export class GuestAgent {
  constructor(private readonly virsh: Virsh) {}

  /**
   * @throws JobFailure as `Hypervisor.setPassword`. What it says holds neither the password nor the guest's own words:
   * these may repeat it.
   */
  async setPassword(instanceId: string, user: string, password: string): Promise<void> {
    const args = { username: user, password: Buffer.from(password).toString('base64'), crypted: false };
    const command = asWord({ execute: 'guest-set-user-password', arguments: args });
    try {
      await this.virsh.whisper(`qemu-agent-command ${instanceId} --timeout ${String(ANSWER_SECONDS)} ${command}`);
    } catch (error) {
      if (!(error instanceof VirshFailed)) throw error;
      if (SILENT.test(error.said)) throw silent();
      throw new JobFailure('guest.refused', 'The agent in the guest did not set the password.', true);
    }
  }
}

const silent = (): JobFailure => new JobFailure('guest.silent', 'The QEMU guest agent does not answer.', true);

/** JSON as one word of virsh's own shell, in ASCII: within single quotes nothing else has a meaning. */
const asWord = (value: object): string =>
  `'${JSON.stringify(value).replace(
    /['\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}'`;
