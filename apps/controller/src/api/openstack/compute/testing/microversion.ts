/** The header by which a request asks for a microversion. @param minor its second number */
export const microversion = (minor: number | 'latest'): Readonly<Record<string, string>> => ({
  'openstack-api-version': `compute ${minor === 'latest' ? minor : `2.${String(minor)}`}`,
});
