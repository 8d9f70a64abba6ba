/** A disturbance of one effect in a flow. */
export type Treatment =
  /** Carried out twice, its outcome recorded each time. */
  | 'twice'
  /** An error of no known kind, before anything was done; then it is tried again. */
  | 'error-before'
  /** The same after everything was done, but for recording that it was. */
  | 'error-after'
  /** The receiver of the effect refuses it; trying elsewhere may help. */
  | 'refused'
  /** The host says that no host could do it. */
  | 'impossible'
  /** Its time is over before anything was done. */
  | 'expired'
  /** Its time is over after everything was done; that becomes known later still. */
  | 'expired-late';

export const TREATMENTS: readonly Treatment[] = [
  'twice',
  'error-before',
  'error-after',
  'refused',
  'impossible',
  'expired',
  'expired-late',
];
