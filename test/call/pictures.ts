import { expect } from 'vitest';

export type Colour = 'red' | 'lime' | 'blue';

const SOON = { timeout: 10_000 };

/** A picture that moves, in one colour, so that it can be told from others. */
export function movingPicture(colour: Colour): { stream: MediaStream; stop: () => void } {
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 120;
  const context = canvas.getContext('2d')!;
  let step = 0;
  const draw = (): void => {
    step = (step + 8) % canvas.width;
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.fillStyle = 'white';
    context.fillRect(step, 40, 24, 40);
  };
  draw();
  const timer = setInterval(draw, 40);
  const stream = canvas.captureStream(25);
  const stop = (): void => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
  };
  return { stream, stop };
}

/** What is to be shown now: who is connected may be about to negotiate what they send. */
type Source = () => MediaStream | null;

/** Two looks at the stream, as a person has them in a video element, show different pictures. */
export async function expectMoving(source: Source): Promise<void> {
  const look = await watch(source);
  const first = look();
  const changed = () => {
    const now = look();
    return now.filter((value, index) => Math.abs(value - first[index]!) > 60).length;
  };
  await expect.poll(changed, SOON).toBeGreaterThan(20);
}

/** The upper left corner shows this colour. */
export async function expectColour(source: Source, colour: Colour): Promise<void> {
  const look = await watch(source);
  const colours: Colour[] = ['red', 'lime', 'blue'];
  const seen = () => {
    const parts = [...look().slice(0, 3)];
    return colours[parts.indexOf(Math.max(...parts))];
  };
  await expect.poll(seen, SOON).toBe(colour);
}

/** Opens a video element and waits for its first picture; returns what looks at it. */
async function watch(source: Source): Promise<() => Uint8ClampedArray> {
  const video = document.createElement('video');
  video.muted = true;
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const { width, height } = context.canvas;
  const look = () => {
    if (video.srcObject !== source()) {
      video.srcObject = source();
      video.play().catch(() => {});
    }
    context.drawImage(video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };
  const brightest = () => Math.max(...look().slice(0, 3));
  await expect.poll(brightest, SOON).toBeGreaterThan(60);
  return look;
}
