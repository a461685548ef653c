export { bytes, json, text, type Codec } from './codec.js';
export type {
  Bytes,
  Connection,
  ConnectionStatus,
  Driver,
  DriverEvents,
  DriverListener,
  Gap,
  PublishOptions,
  SignalEvent,
  SignalHandler,
} from './Driver.js';
export { MemoryDriver, MemoryHub } from './MemoryDriver.js';
export type { Renewable, SseDriverOptions, SubscriberInit } from './options.js';
export {
  SignalingError,
  type SignalingErrorCode,
  type SignalingErrorInit,
} from './SignalingError.js';
export { SseDriver } from './SseDriver.js';
export { TabsDriver, type TabsDriverOptions } from './tabs/TabsDriver.js';
