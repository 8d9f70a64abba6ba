// Prints what PostgreSQL stores of the password on standard input (RFC 5803), so that the password itself is in no SQL
// statement, which a server may write into its log.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const ITERATIONS = 4096;
const password = readFileSync(0, 'utf8').trim();
const salt = randomBytes(16);
const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
const key = (name) => createHmac('sha256', salted).update(name).digest();
const stored = createHash('sha256').update(key('Client Key')).digest('base64');
const parts = [`${ITERATIONS}:${salt.toString('base64')}`, `${stored}:${key('Server Key').toString('base64')}`];
process.stdout.write(`SCRAM-SHA-256$${parts.join('$')}\n`);
