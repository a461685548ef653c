import { expect } from 'vitest';

/** A picture that moves, in one colour, so that it can be told from others. */
export function movingPicture(colour: string): MediaStream & { stop(): void } {
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
  return Object.assign(stream, {
    stop() {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
    },
  });
}

/** Looks at a stream as a person would: in a video element. */
export class Viewer {
  readonly #video = document.createElement('video');
  readonly #context = document.createElement('canvas').getContext('2d', {
    willReadFrequently: true,
  })!;

  constructor(stream: MediaStream | null) {
    this.#video.muted = true;
    this.#video.srcObject = stream;
    this.#video.play().catch(() => {});
  }

  /** Two looks at it differ. */
  async expectMoving(): Promise<void> {
    const first = await this.#seen();
    await expect.poll(() => this.#differsFrom(first), { timeout: 8_000 }).toBe(true);
  }

  /** The colour of the upper left corner, by its strongest part. */
  async expectColour(colour: 'red' | 'green' | 'blue'): Promise<void> {
    const strongest = (): string => {
      const [red = 0, green = 0, blue = 0] = this.#look();
      if (red + green + blue < 60) return 'dark';
      return red > green && red > blue ? 'red' : green > blue ? 'green' : 'blue';
    };
    await expect.poll(strongest, { timeout: 8_000 }).toBe(colour);
  }

  async #seen(): Promise<Uint8ClampedArray> {
    await expect.poll(() => this.#video.videoWidth, { timeout: 8_000 }).toBeGreaterThan(2);
    await expect.poll(() => Math.max(...this.#look().slice(0, 3)), { timeout: 8_000 }).toBeGreaterThan(0);
    return this.#look();
  }

  #differsFrom(first: Uint8ClampedArray): boolean {
    const now = this.#look();
    let changed = 0;
    for (let index = 0; index < now.length; index += 4) {
      if (Math.abs(now[index + 1]! - first[index + 1]!) > 60) changed++;
    }
    return changed > 20;
  }

  #look(): Uint8ClampedArray {
    const { canvas } = this.#context;
    this.#context.drawImage(this.#video, 0, 0, canvas.width, canvas.height);
    return this.#context.getImageData(0, 0, canvas.width, canvas.height).data;
  }
}
