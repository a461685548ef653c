export type { ProtocolVersion, Update } from '../mercure/index.js';
export type { Disruption } from './faults.js';
export { createHub } from './EmbeddedHub.js';
export type { Hub, HubStats } from './Hub.js';
export { toNodeHandler, type NodeHandler } from './node.js';
export type { HubLogRecord, HubOptions, JwtKey } from './options.js';
export { fileStorage, type FileStorageOptions } from './storage/fileStorage.js';
export type { RedisCommand } from './storage/redisCommand.js';
export {
  redisStorage,
  type RedisClient,
  type RedisStorageOptions,
} from './storage/redisStorage.js';
export type {
  LogEntry,
  Revocation,
  Roster,
  Storage,
  StorageReader,
  UpdateEntry,
} from './storage/Storage.js';
