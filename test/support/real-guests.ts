/** Walks of real guests that take turns in short runs. */
export const GUEST_WALKS = ['guest-disks', 'guest-life', 'guest-agent', 'hosts-within'];
/** Test files of whole clouds with real guests: they share this machine's only hypervisor. */
export const REAL_GUESTS = ['guest', ...GUEST_WALKS, 'real-guests-gone'];
