/** Where a tenant wants the server to be, in relation to others or by a question that each host answers. */
export interface SchedulerHints {
  /** The ids of servers of the project: it is to be on the host of one of them. */
  readonly sameHost?: readonly string[];
  /** The ids of servers of the project: it is to be on none of their hosts. */
  readonly differentHost?: readonly string[];
  /** A network, such as `192.0.2.0/24`, in which the address of the host is to be. */
  readonly nearHost?: string;
  /** In the language of nova's JsonFilter: a list in JSON, such as `[">=", "$free_ram_mb", 1024]`. */
  readonly query?: string;
}
