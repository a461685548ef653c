import { describe, expect, onTestFinished, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { InCall } from '../../src/components/InCall.js';
import { Lobby } from '../../src/components/index.js';
import '../../src/components/components.css';
import {
  MemoryDriver,
  SignalingError,
  SignalingProvider,
  type CallView,
  type LocalMedia,
} from '../../src/index.js';
import { NO_MEDIA } from '../../stories/helpers/useTestMedia.js';
import { fakePeer } from './fakes.js';

// The people are not connected: what is measured here is where tiles and controls stand.

const BOXES = [
  [280, 400],
  [280, 1440],
  [390, 844],
  [640, 400],
  [844, 390],
  [768, 1024],
  [1280, 800],
  [2560, 400],
  [2560, 1440],
] as const;
const PEOPLE = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const NAMES = ['Bo', 'Cleo Adeyemi', 'Maximiliane von und zu Hohenstein-Wittgenstein', ''];

type Scene = 'plain' | 'screen share' | 'chat' | 'everything goes wrong';

function callOf(people: number, scene: Scene): CallView {
  const peers = Array.from({ length: people - 1 }, (_, index) =>
    fakePeer({
      id: `p${index}`,
      name: NAMES[index % NAMES.length]!,
      camera: null,
      data: { hand: index % 2 === 0 },
      state: index % 3 === 1 ? 'connecting' : 'connected',
      muted: { camera: true, microphone: index % 2 === 0 },
      screen: scene === 'screen share' && index === 0 ? new MediaStream() : null,
    }),
  );
  return {
    id: 'own',
    status: 'joined',
    peers,
    error: scene === 'everything goes wrong' ? problem('unauthorized') : undefined,
    leave: () => {},
    rejoin: () => {},
    setData: () => {},
    connection: () => undefined,
    send: () => {},
    onMessage: () => () => {},
  };
}

const problem = (code: SignalingError['code']) => new SignalingError(code, 'For the developer.');

function mediaOf(scene: Scene): LocalMedia {
  if (scene !== 'everything goes wrong') return NO_MEDIA;
  const denied = { status: 'error', error: problem('media-permission') } as const;
  return {
    camera: { ...NO_MEDIA.camera, ...denied },
    microphone: { ...NO_MEDIA.microphone, ...denied },
    screen: { ...NO_MEDIA.screen, on: true },
    speaker: { ...NO_MEDIA.speaker, devices: [{ deviceId: 'a', label: 'Headset' }] as never },
  };
}

interface Case {
  size: readonly [width: number, height: number];
  people: number;
  dir: 'ltr' | 'rtl';
  scene: Scene;
}

const driver = new MemoryDriver();

function Box({ size: [inlineSize, blockSize], people, dir, scene }: Case) {
  return (
    <SignalingProvider driver={driver}>
      <div dir={dir} style={{ inlineSize, blockSize }}>
        <section className="rs-call" aria-label="Call" key={scene}>
          <InCall
            call={callOf(people, scene)}
            media={mediaOf(scene)}
            hand={false}
            onHand={() => {}}
            onLeave={() => {}}
          />
        </section>
      </div>
    </SignalingProvider>
  );
}

/** What is not as it should be: outside of the box, too small to hit, or over something else. */
function faults([width, height]: Case['size'], smallest: number): string[] {
  const call = page.getByRole('region', { name: 'Call', exact: true }).element();
  const box = call.getBoundingClientRect();
  const found: string[] = [];
  if (Math.abs(box.width - width) > 1 || Math.abs(box.height - height) > 1) {
    found.push(`the call is ${box.width} × ${box.height}`);
  }
  if (call.scrollWidth > call.clientWidth || call.scrollHeight > call.clientHeight) {
    found.push(`scrolls: ${call.scrollWidth} × ${call.scrollHeight}`);
  }
  const controls = visible(call, '.rs-controls :is(button, select)');
  const tiles = visible(call, '.rs-tile');
  for (const element of [...controls, ...tiles, ...visible(call, '.rs-chat :is(button, input)')]) {
    const name = element.getAttribute('aria-label') ?? element.textContent;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const isOut =
      left < box.left - 0.5 ||
      top < box.top - 0.5 ||
      right > box.right + 0.5 ||
      bottom > box.bottom + 0.5;
    if (isOut) found.push(`${name} is outside`);
    if (Math.min(right - left, bottom - top) < smallest) found.push(`${name} is too small`);
  }
  for (const [index, one] of controls.entries()) {
    const others = [...controls.slice(index + 1), ...tiles];
    const covered = others.find((other) => overlap(one, other));
    if (covered) found.push(`${one.ariaLabel} is over ${covered.ariaLabel ?? 'a tile'}`);
  }
  return found;
}

function visible(root: Element, selector: string): Element[] {
  return [...root.querySelectorAll(selector)].filter((element) =>
    element.checkVisibility({ visibilityProperty: true }),
  );
}

function overlap(one: Element, other: Element): boolean {
  const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
  return (
    a.left < b.right - 0.5 &&
    b.left < a.right - 0.5 &&
    a.top < b.bottom - 0.5 &&
    b.top < a.bottom - 0.5
  );
}

/** What part of the place for tiles they cover. */
function coverage(): number {
  const list = page.getByRole('list', { name: 'People in this call' }).element();
  const areaOf = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width * height;
  };
  const tiles = [...list.querySelectorAll('.rs-tile')].map(areaOf);
  return tiles.reduce((sum, area) => sum + area, 0) / areaOf(list);
}

function setTextSize(percent: number): void {
  document.documentElement.style.fontSize = `${percent}%`;
  onTestFinished(() => {
    document.documentElement.style.fontSize = '';
  });
}

test('a call in a box without a height is 16 by 10, and no higher than the window', async () => {
  const screen = await render(
    <SignalingProvider driver={driver}>
      <section className="rs-call" aria-label="Call">
        <Lobby media={NO_MEDIA} onJoin={() => {}} />
      </section>
    </SignalingProvider>,
  );
  onTestFinished(() => screen.unmount());
  const shape = () => {
    const call = page.getByRole('region', { name: 'Call', exact: true }).element();
    const { width, height } = call.getBoundingClientRect();
    return { width, height };
  };
  await page.viewport(800, 1000);
  expect(shape()).toEqual({ width: 800, height: 500 });
  await page.viewport(800, 400);
  expect(shape()).toEqual({ width: 800, height: 400 });
});

describe.each([100, 200])('at %i%% text', (textSize) => {
  describe.each(['ltr', 'rtl'] as const)('%s', (dir) => {
    test.each(BOXES)('a call of 1 to 12 people fits %i × %i', async (...size) => {
      await page.viewport(2560, 1440);
      setTextSize(textSize);
      const screen = await render(<Box size={size} people={1} dir={dir} scene="plain" />);
      onTestFinished(() => screen.unmount());
      for (const people of PEOPLE) {
        for (const scene of ['plain', 'screen share'] as const) {
          await screen.rerender(<Box size={size} people={people} dir={dir} scene={scene} />);
          const what = `${people} people, ${scene}`;
          await expect.poll(() => faults(size, 24), { message: what, interval: 16 }).toEqual([]);
          // A lot of small tiles would fit as well.
          await expect.poll(coverage, { message: what, interval: 16 }).toBeGreaterThan(0.2);
        }
      }
    });

    test.each(BOXES)('chat and notices leave the controls in sight in %i × %i', async (...size) => {
      await page.viewport(2560, 1440);
      setTextSize(textSize);
      const screen = await render(<Box size={size} people={3} dir={dir} scene="chat" />);
      onTestFinished(() => screen.unmount());
      await screen.getByRole('button', { name: 'Chat' }).click();
      await expect.element(screen.getByRole('textbox', { name: 'Message' })).toBeVisible();
      await expect.poll(() => faults(size, 24)).toEqual([]);
      await screen.rerender(<Box size={size} people={3} dir={dir} scene="everything goes wrong" />);
      await expect.poll(() => screen.getByRole('alert').elements().length).toBe(3);
      await expect.poll(() => faults(size, 24)).toEqual([]);
      const notices = document.querySelector('.rs-notices')!.getBoundingClientRect();
      const controls = document.querySelector('.rs-controls')!.getBoundingClientRect();
      expect(notices.bottom).toBeLessThanOrEqual(controls.top);
    });

    test.each(BOXES)('the lobby shows its button in %i × %i', async (...size) => {
      await page.viewport(2560, 1440);
      setTextSize(textSize);
      const [inlineSize, blockSize] = size;
      const screen = await render(
        <div dir={dir} style={{ inlineSize, blockSize }}>
          <section className="rs-call" aria-label="Call">
            <Lobby media={mediaOf('everything goes wrong')} name="Ana" onJoin={() => {}} />
          </section>
        </div>,
      );
      onTestFinished(() => screen.unmount());
      const call = screen.getByRole('region', { name: 'Call', exact: true }).element();
      const join = screen.getByRole('button', { name: 'Join call' }).element();
      const bottom = () => join.getBoundingClientRect().bottom;
      await expect.poll(bottom).toBeLessThanOrEqual(call.getBoundingClientRect().bottom);
    });
  });
});
