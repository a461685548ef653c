export { decodeBase64, encodeBase64 } from './base64.js';
export { HEARTBEAT, encodeEvent, encodeMark, type OutgoingEvent } from './event.js';
export { createStreamReader, type StreamEvent, type StreamListener } from './eventStream.js';
export {
  CURSOR_HEADERS,
  CURSOR_PARAMETERS,
  FIELDS_HEADER,
  HUB_PATH,
  TOPIC_PARAMETER,
  encodeSubscription,
  type ProtocolVersion,
} from './subscription.js';
export { encodeUpdate, type Update } from './update.js';
