import { openSecurity } from '../security/security';
import { TemporaryLog } from '../testing/temporary-log';
import { WireServer } from '../wire/server';

/** Host and port of the server that `npm run test:eventstore -- --url` names: one without TLS that nobody else uses. */
export const GIVEN_SERVER = /:\/\/([^/?]+)/.exec(process.env['CAIRN_CONTRACT_URL'] ?? '')?.[1];

/** The server that conversations are held with: the one that is named, or an embedded one of its own. */
export class ServerUnderTest {
  readonly isEmbedded: boolean;
  private readonly temporary = new TemporaryLog();
  private embedded: WireServer | undefined;

  /** @param given host and port of a server that runs already */
  constructor(private readonly given: string | undefined) {
    this.isEmbedded = given === undefined;
  }

  /** @returns its host and port */
  async start(): Promise<string> {
    if (this.given !== undefined) return this.given;
    const log = this.temporary.open();
    const security = openSecurity(log);
    this.embedded = new WireServer({ log, security, hosts: ['127.0.0.1'], port: 0, maxAppendSize: 1024 * 1024 });
    return `127.0.0.1:${String(await this.embedded.listen())}`;
  }

  async stop(): Promise<void> {
    await this.embedded?.stop();
    this.temporary.remove();
  }
}
