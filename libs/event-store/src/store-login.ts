/** How a client proves to a store with TLS and users who it is, and the store to the client. */
export interface StoreLogin {
  readonly user: string;
  readonly password: string;
  /** PEM file of the authority that signed the store's certificate; null: what the URL says, or those that Node.js trusts. */
  readonly caFile: string | null;
}
