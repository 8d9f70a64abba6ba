/** Where a tenant wants the server to be, in relation to others or by a question that each host answers. */
export interface SchedulerHints {
  /** The ids of the project's servers, on the host of one of which it is to be. */
  readonly sameHost?: readonly string[];
  /** The ids of the project's servers, on whose hosts it is not to be. */
  readonly differentHost?: readonly string[];
  /** A network, such as `192.0.2.0/24`, in which the address of the host is to be. */
  readonly nearHost?: string;
  /** In the language of nova's JsonFilter: a list in JSON, such as `[">=", "$free_ram_mb", 1024]`. */
  readonly query?: string;
}
