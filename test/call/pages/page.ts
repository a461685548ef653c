import { Call, LocalMediaSource, type CallOptions } from '../../../src/call/index.js';
import { SseDriver } from '../../../src/driver/index.js';

// The page of each caller. Its camera is the browser's fake one.

export interface PageOptions extends Pick<CallOptions, 'room' | 'name' | 'secret'> {
  hub: string;
  /** How to connect, or the path at which the page asks for it before each attempt. */
  rtc?: RTCConfiguration | string;
  /** Of the picture of the camera, in lines. `0`: no camera. Default: 120. */
  height?: number;
}

export interface Caller {
  call: Call;
  driver: SseDriver;
  media: LocalMediaSource;
  /** Pictures seen so far, by peer. */
  pictures: Map<string, number>;
  /** How long it took to be connected to so many, from joining on, in ms. */
  connectedAfter: number[];
  messages: string[];
  /** What it has published to the hub. */
  published: string[];
}

/** Prepares everything but the joining, so that all pages can join at once. */
async function prepare({ hub, height = 120, rtc, ...options }: PageOptions): Promise<void> {
  const driver = new SseDriver({ url: hub, retry: { base: 250, max: 3_000 } });
  const media = new LocalMediaSource({
    camera: { height, width: (height * 4) / 3, frameRate: 10 },
  });
  const ask = async (): Promise<RTCConfiguration> => (await fetch(String(rtc))).json();
  const call = new Call({
    driver,
    media: media.state,
    rtc: typeof rtc === 'string' ? ask : rtc,
    ...options,
  });
  const caller: Caller = {
    call,
    driver,
    media,
    pictures: new Map(),
    connectedAfter: [],
    messages: [],
    published: [],
  };
  driver.on('publish', (_topic, data) => {
    void Promise.resolve(data).then((bytes) =>
      caller.published.push(kindOf(Uint8Array.from(bytes))),
    );
  });
  media.onChange(() => call.setMedia(media.state));
  call.onChange(() => watch(caller));
  call.onMessage('test', ({ body }) => caller.messages.push(String(body)));
  if (height > 0) media.open();
  while (height > 0 && !media.state.camera.on) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  Object.assign(globalThis, { caller });
}

function join(): void {
  joinedAt = performance.now();
  (globalThis as unknown as { caller: Caller }).caller.call.join();
}

/** Resolves once it is in the room. */
async function joined(): Promise<void> {
  const { call } = (globalThis as unknown as { caller: Caller }).caller;
  while (call.state.status !== 'joined') await new Promise((resolve) => setTimeout(resolve, 20));
}

let joinedAt = 0;

function watch({ call, pictures, connectedAfter }: Caller): void {
  const connected = call.state.peers.filter(({ state }) => state === 'connected');
  while (connectedAfter.length < connected.length) {
    connectedAfter.push(Math.round(performance.now() - joinedAt));
  }
  for (const { id, camera } of connected) {
    const video = videos.get(id) ?? count(pictures, id);
    // Another connection to the same peer has another stream.
    if (!camera || video.srcObject === camera) continue;
    video.srcObject = camera;
    video.play().catch(() => {});
  }
}

const videos = new Map<string, HTMLVideoElement>();

function count(pictures: Map<string, number>, id: string): HTMLVideoElement {
  const video = document.createElement('video');
  videos.set(id, video);
  pictures.set(id, 0);
  video.muted = true;
  const look = (): void => {
    pictures.set(id, pictures.get(id)! + 1);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  return video;
}

/** `hello`, `offer`, `answer`, `candidates` or `restart`. */
function kindOf(bytes: Uint8Array): string {
  const { signed } = JSON.parse(new TextDecoder().decode(bytes));
  if (!signed) return 'sealed';
  const { type, heard, description, candidates } = JSON.parse(signed.text);
  if (type === 'hello') return heard.length > 0 ? 'answering hello' : 'hello';
  return description?.type ?? (candidates ? 'candidates' : 'restart');
}

/**
 * Connects two plain connections of one page with the media of a call, which hand each other offer,
 * answer and candidates in memory. Returns how long it took, in ms.
 */
async function plainWebRtc(): Promise<number> {
  const { camera, microphone } = (globalThis as unknown as { caller: Caller }).caller.media.state;
  const tracks = [microphone.track ?? 'audio', camera.track ?? 'video', 'video', 'audio'];
  const start = performance.now();
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate ?? undefined);
  other.onicecandidate = ({ candidate }) => void one.addIceCandidate(candidate ?? undefined);
  for (const track of tracks) one.addTransceiver(track);
  const channel = one.createDataChannel('call', { negotiated: true, id: 0 });
  other.createDataChannel('call', { negotiated: true, id: 0 });
  const open = new Promise((resolve) => channel.addEventListener('open', resolve));
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription!);
  for (const [index, transceiver] of other.getTransceivers().entries()) {
    const track = tracks[index]!;
    transceiver.direction = 'sendrecv';
    if (typeof track === 'object') await transceiver.sender.replaceTrack(track);
  }
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription!);
  await open;
  const time = performance.now() - start;
  one.close();
  other.close();
  return time;
}

/** What was sent to all peers so far. */
export interface Sent {
  bytes: number;
  pictures: number;
  /** Of the pictures that are sent now. */
  lines: number;
}

async function countSent(): Promise<Sent> {
  const { call } = (globalThis as unknown as { caller: Caller }).caller;
  const sent: Sent = { bytes: 0, pictures: 0, lines: 0 };
  for (const { id } of call.state.peers) {
    const reports = (await call.connection(id)?.getStats()) ?? new Map<string, RTCStats>();
    for (const report of reports.values() as Iterable<RTCOutboundRtpStreamStats>) {
      if (report.type !== 'outbound-rtp') continue;
      sent.bytes += report.bytesSent ?? 0;
      sent.pictures += report.framesSent ?? 0;
      sent.lines = Math.max(sent.lines, report.frameHeight ?? 0);
    }
  }
  return sent;
}

/** From a publish to its signal, in ms. */
async function roundTrip(): Promise<number> {
  const { driver } = (globalThis as unknown as { caller: Caller }).caller;
  const topic = `https://example.com/${crypto.randomUUID()}`;
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  await driver.subscribe(topic, arrive);
  const start = performance.now();
  await driver.publish(topic, Uint8Array.of(1));
  await arrived;
  const time = performance.now() - start;
  await driver.unsubscribe(topic);
  return time;
}

Object.assign(globalThis, { prepare, join, joined, plainWebRtc, countSent, roundTrip });
