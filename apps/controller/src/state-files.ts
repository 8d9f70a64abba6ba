/** Names under the controller's state folder. All but the keyring and the blobs can be deleted and are built again. */
export const PROCESS_INDEX = 'process-index.sqlite';
export const READ_MODEL = 'read-model';
export const KEYRING = 'keyring';
export const BLOBS = 'blobs';
export const METRICS = 'metrics.prom';
/** How far the log was seen: without it an older copy of the log is not noticed. */
export const LOG_HEAD = 'log-head.json';
/** What signs that, and checkpoints for auditors. */
export const LOG_KEY = 'checkpoint-key.pem';
