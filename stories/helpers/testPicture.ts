/** A stream that needs no device, and its end. */
export interface TestStream {
  stream: MediaStream;
  stop: () => void;
}

/**
 * Draws somebody who sways, blinks and talks, in colours of their own.
 *
 * @param hue The colour of the room, in degrees of the colour wheel.
 */
export function createTestPicture(hue: number): TestStream {
  return captureDrawing({ width: 640, height: 400 }, (context, seconds) =>
    drawPerson(context, hue, seconds),
  );
}

/** Draws a slide with bars that move. */
export function createTestScreen(): TestStream {
  return captureDrawing({ width: 1280, height: 720 }, drawSlide);
}

/** A microphone in a silent room. */
export function createTestSound(): TestStream {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio);
  const volume = new GainNode(audio, { gain: 0 });
  const output = new MediaStreamAudioDestinationNode(audio);
  tone.connect(volume).connect(output);
  tone.start();
  return { stream: output.stream, stop: () => void audio.close() };
}

const FRAMES_PER_SECOND = 12;

type Draw = (context: CanvasRenderingContext2D, seconds: number) => void;

function captureDrawing(
  { width, height }: { width: number; height: number },
  draw: Draw,
): TestStream {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  const drawNow = () => draw(context, performance.now() / 1000);
  drawNow();
  // Not requestAnimationFrame, which stops in a tab that is not in front.
  const timer = setInterval(drawNow, 1000 / FRAMES_PER_SECOND);
  const stream = canvas.captureStream(FRAMES_PER_SECOND);
  return {
    stream,
    stop: () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

const SKIN = ['hsl(26 55% 72%)', 'hsl(24 42% 44%)', 'hsl(28 62% 80%)', 'hsl(20 38% 32%)'];
const HAIR = [
  'hsl(20 35% 18%)',
  'hsl(0 0% 10%)',
  'hsl(38 55% 52%)',
  'hsl(14 50% 30%)',
  'hsl(0 0% 62%)',
];

function drawPerson(context: CanvasRenderingContext2D, hue: number, seconds: number): void {
  const { width, height } = context.canvas;
  const kind = Math.round(hue / 30);
  const skin = SKIN[kind % SKIN.length]!;
  const hair = HAIR[kind % HAIR.length]!;
  const colour = (saturation: number, light: number, turn = 0) =>
    `hsl(${hue + turn} ${saturation}% ${light}%)`;
  const disc = (x: number, y: number, radius: number, fill: string, tall = radius) => {
    context.fillStyle = fill;
    context.beginPath();
    context.ellipse(x, y, radius, tall, 0, 0, 2 * Math.PI);
    context.fill();
  };

  const wall = context.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, colour(28, 74));
  wall.addColorStop(1, colour(26, 52));
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  context.fillStyle = colour(24, 62, 20);
  context.fillRect(60, 50, 110, 140);
  context.fillRect(480, 40, 120, 90);
  context.fillStyle = colour(30, 44);
  context.fillRect(0, 330, width, 70);

  const phase = seconds + hue;
  const [x, y] = [width / 2 + 12 * Math.sin(phase * 0.9), 185 + 5 * Math.sin(phase * 1.7)];
  const isLong = kind % 3 === 1;
  if (isLong) disc(x, y + 50, 108, hair, 150);
  disc(width / 2 + (x - width / 2) / 2, height + 50, 185, colour(38, 34, 160), 150);
  context.fillStyle = skin;
  context.fillRect(x - 26, y + 50, 52, 62);
  disc(x, y - 18, 88, hair, 94);
  disc(x, y + 4, 74, skin, 90);
  disc(x - (kind % 2 ? 18 : -14), y - 68, 72, hair, 36);

  const blinking = phase % 3.7 < 0.15;
  for (const side of [-1, 1]) {
    disc(x + side * 28, y, 7, '#26262e', blinking ? 1.5 : 8);
    disc(x + side * 30, y - 22, 15, hair, 3);
  }
  disc(x, y + 50, 19, '#8c3b3b', 3 + 6 * Math.abs(Math.sin(phase * 4)));
}

function drawSlide(context: CanvasRenderingContext2D, seconds: number): void {
  const { width, height } = context.canvas;
  context.fillStyle = '#fbfbfd';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#1c2433';
  context.font = '600 52px system-ui, sans-serif';
  context.fillText('Signals a minute', 90, 120);
  context.fillStyle = '#6a7486';
  context.font = '28px system-ui, sans-serif';
  context.fillText('All regions, last twelve hours', 90, 168);
  for (let bar = 0; bar < 12; bar++) {
    const size = 160 + 110 * Math.sin(bar * 0.7) + 60 * Math.sin(seconds * 0.5 + bar);
    context.fillStyle = bar === 8 ? '#2b56d0' : '#b9c8f2';
    context.fillRect(90 + bar * 92, height - 90 - size, 60, size);
  }
}
