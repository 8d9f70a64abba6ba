import { z } from 'zod';

/** What is special of a guest's virtual machine, as the domain has it. */
export const hardware = z.object({
  guestAgent: z.literal(true).exactOptional(),
});
