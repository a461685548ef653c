import { Call } from '../../src/call/index.js';
import { SseDriver } from '../../src/driver/index.js';
import { movingPicture } from '../call/pictures.js';

// The page that call.test.ts opens for each caller: it joins, and counts the pictures it gets.

const parameters = new URL(document.URL).searchParams;
const driver = new SseDriver({
  url: parameters.get('hub')!,
  publisher: { headers: { Authorization: parameters.get('authorization')! } },
  retry: { base: 50, max: 200 },
});
const call = new Call({
  driver,
  room: 'https://example.com/rooms/1',
  media: {
    camera: { track: movingPicture('red').stream.getVideoTracks()[0]!, on: true },
    microphone: { track: null, on: false },
    screen: { stream: null },
  },
});
const caller = { call, driver, pictures: new Map<string, number>() };

export type Caller = typeof caller;

function count(id: string, stream: MediaStream): void {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  void video.play();
  const look = (): void => {
    caller.pictures.set(id, (caller.pictures.get(id) ?? 0) + 1);
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
}

call.onChange(() => {
  for (const { id, camera } of call.state.peers) {
    if (!camera || caller.pictures.has(id)) continue;
    caller.pictures.set(id, 0);
    count(id, camera);
  }
});
call.join();
Object.assign(globalThis, { caller });
