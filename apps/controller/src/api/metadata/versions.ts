/** The versions of both trees as nova 26.1 serves them, oldest first. */

export const LATEST = 'latest';

export const EC2_VERSIONS = [
  '1.0',
  '2007-01-19',
  '2007-03-01',
  '2007-08-29',
  '2007-10-10',
  '2007-12-15',
  '2008-02-01',
  '2008-09-01',
  '2009-04-04',
] as const;

export const OPENSTACK_VERSIONS = [
  '2012-08-10',
  '2013-04-04',
  '2013-10-17',
  '2015-10-15',
  '2016-06-30',
  '2016-10-06',
  '2017-02-22',
  '2018-08-27',
  '2020-10-14',
] as const;

/** Versions are dates (and `1.0`, which sorts before them): a version has what came with it or before. */
export const includes = (version: string, since: string): boolean => version === LATEST || version >= since;

export const isVersion = (known: readonly string[], version: string): boolean =>
  version === LATEST || known.includes(version);
