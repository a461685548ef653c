export { inspect } from './inspect.js';
export type {
  Breakage,
  InspectedDriver,
  InspectedTopic,
  Inspection,
  Problem,
} from './InspectedDriver.js';
export { BreakingButtons, type BreakingButtonsProps } from './Panel.js';
export { SignalingDevtools, type SignalingDevtoolsProps } from './SignalingDevtools.js';
export type { LoggedSignal } from './SignalLog.js';
export { signalingDevtoolsPlugin, type SignalingDevtoolsPlugin } from './tanstack.js';
