import { AuthorizeConsole } from '../../../../application/console/authorize-console.handler';
import type { ConsoleProtocol } from '../../../../application/console/console-types';
import { IsOneOf } from '../shared/validators';
import { commandAction, type CommandAction } from '../servers/command-action';

/** Actions that ask for a console, until `remote-consoles` took their place in 2.6. */
function consoleAction(protocol: ConsoleProtocol, ...types: readonly string[]): (value: unknown) => CommandAction {
  class Body {
    @IsOneOf(...types) readonly type!: string;
  }
  return commandAction(
    `get-${protocol}-console`,
    'os-remote-consoles',
    Body,
    async ({ type }, { id, scope, request, context, commands, reply, consoleUrl }) => {
      const asked = { instanceId: id, projectId: scope, protocol, type };
      const token = await commands.execute(new AuthorizeConsole(asked, request.caller.principal, context));
      void reply.status(200);
      return { console: { type, url: consoleUrl(type, token) } };
    },
  );
}

export const getVncConsole = consoleAction('vnc', 'novnc', 'xvpvnc');
export const getSerialConsole = consoleAction('serial', 'serial');
export const getSpiceConsole = consoleAction('spice', 'spice-html5');
export const getRdpConsole = consoleAction('rdp', 'rdp-html5');
