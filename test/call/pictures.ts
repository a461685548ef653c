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

/** Two looks at the stream, as a person has them in a video element, show different pictures. */
export async function expectMoving(stream: MediaStream | null): Promise<void> {
  const look = await watch(stream);
  const first = look();
  const changed = () => {
    const now = look();
    return now.filter((value, index) => Math.abs(value - first[index]!) > 60).length;
  };
  await expect.poll(changed, SOON).toBeGreaterThan(20);
}

/** The upper left corner shows this colour. */
export async function expectColour(stream: MediaStream | null, colour: Colour): Promise<void> {
  const look = await watch(stream);
  const colours: Colour[] = ['red', 'lime', 'blue'];
  const seen = () => {
    const parts = [...look().slice(0, 3)];
    return colours[parts.indexOf(Math.max(...parts))];
  };
  await expect.poll(seen, SOON).toBe(colour);
}

/** Opens a video element and waits for its first picture; returns what looks at it. */
async function watch(stream: MediaStream | null): Promise<() => Uint8ClampedArray> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = stream;
  video.play().catch(() => {});
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const { width, height } = context.canvas;
  const look = () => {
    context.drawImage(video, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };
  const brightest = () => Math.max(...look().slice(0, 3));
  await expect.poll(brightest, SOON).toBeGreaterThan(60);
  return look;
}
