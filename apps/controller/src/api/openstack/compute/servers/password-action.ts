import { ChangeServerPassword } from '../../../../application/server/guest-password.handler';
import { HttpProblem, IsText } from '../../../http';
import { commandAction } from './command-action';

class ChangePasswordBody {
  @IsText(0, 255) readonly adminPass!: string;
}

/** 501 where no agent answers in the guest, 409 for every other failure: nova's answers. */
export const changePassword = commandAction(
  'changePassword',
  'os-admin-password',
  ChangePasswordBody,
  async ({ adminPass }, { id, scope, context, commands }) => {
    const failure = await commands.execute(new ChangeServerPassword(id, scope, adminPass, context));
    if (failure === null || failure === 'under way') return undefined;
    if (failure.code === 'guest.silent') throw new HttpProblem(501, 'Unable to set password on instance');
    throw new HttpProblem(409, `Failed to set admin password on ${id} because error setting admin password`);
  },
);
