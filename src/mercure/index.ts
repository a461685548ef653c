export { decodeBase64, encodeBase64 } from './base64.js';
export type { ByteArray } from './bytes.js';
export {
  HEARTBEAT,
  encodeEvent,
  encodeHead,
  encodeMark,
  encodeTopics,
  type OutgoingEvent,
} from './event.js';
export {
  createStreamReader,
  type StreamEvent,
  type StreamListener,
  type StreamReaderOptions,
} from './eventStream.js';
export { readMercureLink, type MercureLink } from './link.js';
export {
  CURSOR_HEADERS,
  CURSOR_PARAMETERS,
  FIELDS_HEADER,
  HUB_PATH,
  encodeSubscription,
  isTemplate,
  type ProtocolVersion,
  type TopicSelector,
  type StreamField,
} from './subscription.js';
export { encodeUpdate, type Update } from './update.js';
