/** A stream that needs no camera, and its end. */
export interface TestPicture {
  stream: MediaStream;
  stop: () => void;
}

const WIDTH = 640;
const HEIGHT = 400;
const FRAMES_PER_SECOND = 15;

/**
 * Draws somebody who sways, blinks and talks, in a colour of their own, with a track of silence.
 *
 * @param hue The colour, in degrees of the colour wheel.
 */
export function createTestPicture(hue: number): TestPicture {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d')!;
  const draw = () => drawPerson(context, hue, performance.now() / 1000);
  draw();
  // Not requestAnimationFrame, which stops in a tab that is not in front.
  const timer = setInterval(draw, 1000 / FRAMES_PER_SECOND);
  const picture = canvas.captureStream(FRAMES_PER_SECOND);
  const silence = createSilence();
  const stream = new MediaStream([...picture.getTracks(), ...silence.stream.getTracks()]);
  return {
    stream,
    stop: () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      silence.stop();
    },
  };
}

function createSilence(): TestPicture {
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio);
  const volume = new GainNode(audio, { gain: 0 });
  const output = new MediaStreamAudioDestinationNode(audio);
  tone.connect(volume).connect(output);
  tone.start();
  return { stream: output.stream, stop: () => void audio.close() };
}

function drawPerson(context: CanvasRenderingContext2D, hue: number, seconds: number): void {
  const colour = (saturation: number, light: number, turn = 0) =>
    `hsl(${hue + turn} ${saturation}% ${light}%)`;
  const disc = (x: number, y: number, radius: number, fill: string, height = radius) => {
    context.fillStyle = fill;
    context.beginPath();
    context.ellipse(x, y, radius, height, 0, 0, 2 * Math.PI);
    context.fill();
  };

  const wall = context.createLinearGradient(0, 0, 0, HEIGHT);
  wall.addColorStop(0, colour(45, 78));
  wall.addColorStop(1, colour(40, 58));
  context.fillStyle = wall;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < 6; i++) {
    const drift = 24 * Math.sin(seconds * 0.6 + i * 2);
    disc((i * 137 + 60) % WIDTH, ((i * 89) % 260) + 50 + drift, 26 + i * 8, colour(60, 82, 30));
  }

  const sway = 14 * Math.sin(seconds * 1.3);
  const nod = 6 * Math.sin(seconds * 2.1);
  const [x, y] = [WIDTH / 2 + sway, 185 + nod];
  const skin = 'hsl(26 55% 70%)';
  disc(WIDTH / 2 + sway / 2, HEIGHT + 50, 175, colour(50, 38), 145);
  context.fillStyle = 'hsl(26 50% 62%)';
  context.fillRect(x - 26, y + 50, 52, 60);
  disc(x, y - 22, 88, colour(35, 22), 92);
  disc(x, y, 76, skin, 90);
  disc(x, y - 74, 70, colour(35, 22), 34);

  const blinking = seconds % 3.5 < 0.15;
  for (const side of [-1, 1]) disc(x + side * 28, y - 2, 8, '#2a2a33', blinking ? 1.5 : 9);
  disc(x, y + 46, 20, '#8c3b3b', 4 + 6 * Math.abs(Math.sin(seconds * 5)));
}
