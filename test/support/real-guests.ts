/** Test files of whole clouds with real guests: they need this machine's hypervisor, of which there is one. */
export const REAL_GUESTS = ['guest', 'guest-disks', 'guest-agent', 'guest-life', 'hosts-within', 'real-guests-gone'];
