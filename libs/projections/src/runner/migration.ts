import { creates } from '../migration';
export const CreateCheckpoint = creates('checkpoint', 1_795_352_400_000, [
  'id varchar(512) NOT NULL',
  'position varchar(20) NOT NULL',
  'built boolean NOT NULL',
]);
export const CreateLogHistory = creates('log_history', 1_795_692_600_000, [
  'id varchar(512) NOT NULL',
  'history varchar(255) NOT NULL',
]);
export const CreateParkedStream = creates('parked_stream', 1_795_352_400_008, [
  'id varchar(512) NOT NULL',
  'position varchar(20) NOT NULL',
  'event_type varchar(255) NOT NULL',
  'projection varchar(255) NOT NULL',
  'reason text NOT NULL',
  'at varchar(32) NOT NULL',
]);
