export {
  readMercureLink,
  type ByteArray,
  type MercureLink,
  type ProtocolVersion,
  type TopicSelector,
  type Update,
} from '../mercure/index.js';
export { bytes, json, text, type Codec, type SignalSource, type SyncCodec } from './codec.js';
export type {
  Bytes,
  Connection,
  Status,
  Driver,
  DriverEvents,
  DriverListener,
  Encoding,
  Gap,
  PublishOptions,
  SignalEvent,
  SignalHandler,
  SubscribeOptions,
  TopicState,
} from './Driver.js';
export { MemoryDriver } from './memory/MemoryDriver.js';
export { MemoryHub, type Outage, type RefusalOptions } from './memory/MemoryHub.js';
export type {
  DriverOptions,
  Renewable,
  SseDriverOptions,
  SubscriberInit,
  TabsDriverOptions,
} from './options.js';
export { toPeerixDriver, type PeerixDriver } from './peerix.js';
export { sealed, type Passphrase, type Secret } from './sealed.js';
export {
  SignalingError,
  type SignalingErrorCode,
  type SignalingErrorInit,
} from './SignalingError.js';
export { SseDriver } from './SseDriver.js';
export { TabsDriver } from './tabs/TabsDriver.js';
export type { RetryOptions } from './timing.js';
export type { Topics } from './topics.js';
