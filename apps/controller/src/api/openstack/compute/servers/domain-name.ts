/** The name of a server's domain on its host (nova: instance_name_template). */
export const domainNameOf = (number: number): string => `instance-${number.toString(16).padStart(8, '0')}`;
