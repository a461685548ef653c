/** Every text of the call kit. Pass the ones to replace as `labels`; the others stay English. */
export interface CallLabels {
  // The call
  /** Default: “Video call” */
  call: string;
  /** Default: “People in this call” */
  people: string;
  /** Default: “Guest” */
  guest: string;
  /** The name on one's own tile. */
  you: (name: string) => string;
  /** Default: “Joining…” */
  joining: string;
  /** Default: “Nobody else is here yet” */
  alone: string;
  /** Default: “You left the call.” */
  left: string;
  /** Default: “Join again” */
  rejoin: string;
  /** Default: “Try again” */
  retry: string;
  /** Default: “Dismiss” */
  dismiss: string;

  // Lobby
  /** Default: “Ready to join?” */
  lobby: string;
  /** Default: “Join call” */
  join: string;
  /** Default: “Microphone level” */
  level: string;

  // Tiles
  /** Default: “Video of {name}” */
  videoOf: (name: string) => string;
  /** Default: “{name}’s screen” */
  screenOf: (name: string) => string;
  /** Default: “Camera off” */
  noPicture: string;
  /** Default: “Microphone off” */
  microphoneOff: string;
  /** Default: “Speaking” */
  speaking: string;
  /** Default: “Hand raised” */
  handUp: string;
  /** Default: “Connecting…” */
  peerConnecting: string;
  /** Default: “Reconnecting…” */
  peerReconnecting: string;
  /** Default: “Weak connection” */
  weakConnection: string;
  /** Default: “Pin {name}” */
  pin: (name: string) => string;
  /** Default: “Picture in picture: {name}” */
  pictureInPicture: (name: string) => string;

  // Sound
  /** Default: “Your browser has muted this call.” */
  soundBlocked: string;
  /** Default: “Turn on sound” */
  turnOnSound: string;

  // Controls
  /** Default: “Call controls” */
  controls: string;
  /** Default: “Mute microphone” */
  mute: string;
  /** Default: “Turn camera off” */
  cameraOff: string;
  /** Default: “Choose a microphone” */
  chooseMicrophone: string;
  /** Default: “Choose a speaker” */
  chooseSpeaker: string;
  /** Default: “Choose a camera” */
  chooseCamera: string;
  /** A device that has no name until the browser gives access. Counted from 1. */
  device: (number: number) => string;
  /** Default: “Share screen” */
  shareScreen: string;
  /** Default: “You are sharing your screen.” */
  sharing: string;
  /** Default: “Stop sharing” */
  stopSharing: string;
  /** Default: “Raise hand” */
  raiseHand: string;
  /** Default: “Leave call” */
  leave: string;

  // Chat
  /** Default: “Chat” */
  chat: string;
  /** Default: “{count} unread” */
  unread: (count: number) => string;
  /** Default: “Messages” */
  messages: string;
  /** Default: “No messages yet” */
  noMessages: string;
  /** Default: “Message” */
  message: string;
  /** Default: “Send message” */
  send: string;
  /** Default: “Close chat” */
  closeChat: string;

  // Read out by screen readers
  /** Default: “{name} joined.” */
  joined: (name: string) => string;
  /** Default: “{name} left.” */
  gone: (name: string) => string;
  /** Default: “{name} is sharing a screen.” */
  shares: (name: string) => string;
  /** Default: “{name} stopped sharing.” */
  stoppedSharing: (name: string) => string;
  /** Default: “{name} raised a hand.” */
  raisedHand: (name: string) => string;
  /** Default: “{name}: {text}” */
  wrote: (name: string, text: string) => string;

  // Connection to the server
  /** Default: “Not connected” */
  idle: string;
  /** Default: “Connecting…” */
  connecting: string;
  /** Default: “Connected” */
  open: string;
  /** Default: “Reconnecting…” */
  reconnecting: string;
  /** Default: “Disconnected” */
  closed: string;
  /** `0`: it is being tried now. */
  nextAttempt: (seconds: number) => string;
  /** How many messages wait for the server. */
  waiting: (count: number) => string;
  /** Default: “Reconnect now” */
  reconnect: string;

  // What went wrong
  /** The microphone is not allowed. */
  microphoneDenied: string;
  /** Default: “No microphone was found. Plug one in, then try again.” */
  microphoneMissing: string;
  /** Default: “Your microphone is used by another app. Close that app, then try again.” */
  microphoneBusy: string;
  /** Default: “Your camera is blocked. Allow it in your browser’s settings for this page.” */
  cameraDenied: string;
  /** Default: “No camera was found. Plug one in, then try again.” */
  cameraMissing: string;
  /** Default: “Your camera is used by another app. Close that app, then try again.” */
  cameraBusy: string;
  /** Default: “Your screen could not be shared.” */
  screenFailed: string;
  /** Default: “Calls need a secure page (https).” */
  insecure: string;
  /** Default: “This browser cannot make calls. Try another one.” */
  noWebRtc: string;
  /** Default: “You have no access.” */
  notAllowed: string;
  /** Default: “The others in this call have another password.” */
  wrongSecret: string;
  /** Nobody else can join. Shown to those who are outside, and to those inside. */
  full: string;
  /** There are many people: pictures and sound may suffer. */
  crowded: (people: number) => string;
  /** Default: “The server cannot be reached. Check your connection.” */
  serverUnreachable: string;
  /** Default: “No connection to one of the people in this call.” */
  peerUnreachable: string;
  /** Default: “This page is not set up correctly.” */
  misconfigured: string;
  /** Default: “Something went wrong.” */
  failed: string;
}

const ENGLISH: CallLabels = {
  call: 'Video call',
  people: 'People in this call',
  guest: 'Guest',
  you: (name) => `${name} (you)`,
  joining: 'Joining…',
  alone: 'Nobody else is here yet',
  left: 'You left the call.',
  rejoin: 'Join again',
  retry: 'Try again',
  dismiss: 'Dismiss',

  lobby: 'Ready to join?',
  join: 'Join call',
  level: 'Microphone level',

  videoOf: (name) => `Video of ${name}`,
  screenOf: (name) => `${name}’s screen`,
  noPicture: 'Camera off',
  microphoneOff: 'Microphone off',
  speaking: 'Speaking',
  handUp: 'Hand raised',
  peerConnecting: 'Connecting…',
  peerReconnecting: 'Reconnecting…',
  weakConnection: 'Weak connection',
  pin: (name) => `Pin ${name}`,
  pictureInPicture: (name) => `Picture in picture: ${name}`,

  soundBlocked: 'Your browser has muted this call.',
  turnOnSound: 'Turn on sound',

  controls: 'Call controls',
  mute: 'Mute microphone',
  cameraOff: 'Turn camera off',
  chooseMicrophone: 'Choose a microphone',
  chooseSpeaker: 'Choose a speaker',
  chooseCamera: 'Choose a camera',
  device: (number) => `Device ${number}`,
  shareScreen: 'Share screen',
  sharing: 'You are sharing your screen.',
  stopSharing: 'Stop sharing',
  raiseHand: 'Raise hand',
  leave: 'Leave call',

  chat: 'Chat',
  unread: (count) => `${count} unread`,
  messages: 'Messages',
  noMessages: 'No messages yet',
  message: 'Message',
  send: 'Send message',
  closeChat: 'Close chat',

  joined: (name) => `${name} joined.`,
  gone: (name) => `${name} left.`,
  shares: (name) => `${name} is sharing a screen.`,
  stoppedSharing: (name) => `${name} stopped sharing.`,
  raisedHand: (name) => `${name} raised a hand.`,
  wrote: (name, text) => `${name}: ${text}`,

  idle: 'Not connected',
  connecting: 'Connecting…',
  open: 'Connected',
  reconnecting: 'Reconnecting…',
  closed: 'Disconnected',
  nextAttempt: (seconds) => (seconds > 0 ? `Next attempt in ${seconds} s` : 'Trying now…'),
  waiting: (count) =>
    count === 1 ? '1 message waits to be sent' : `${count} messages wait to be sent`,
  reconnect: 'Reconnect now',

  microphoneDenied:
    'Your microphone is blocked. Allow it in your browser’s settings for this page.',
  microphoneMissing: 'No microphone was found. Plug one in, then try again.',
  microphoneBusy: 'Your microphone is used by another app. Close that app, then try again.',
  cameraDenied: 'Your camera is blocked. Allow it in your browser’s settings for this page.',
  cameraMissing: 'No camera was found. Plug one in, then try again.',
  cameraBusy: 'Your camera is used by another app. Close that app, then try again.',
  screenFailed: 'Your screen could not be shared.',
  insecure: 'Calls need a secure page (https).',
  noWebRtc: 'This browser cannot make calls. Try another one.',
  notAllowed: 'You have no access.',
  wrongSecret: 'The others in this call have another password.',
  full: 'This call is full. Nobody else can join until somebody leaves.',
  crowded: (people) => `With ${people} people, pictures and sound may get worse.`,
  serverUnreachable: 'The server cannot be reached. Check your connection.',
  peerUnreachable: 'No connection to one of the people in this call.',
  misconfigured: 'This page is not set up correctly.',
  failed: 'Something went wrong.',
};

/** The texts to show: English, with those replaced that are given. */
export function withLabels(labels: Partial<CallLabels> | undefined): CallLabels {
  return { ...ENGLISH, ...labels };
}
