import { expect, waitFor } from 'storybook/test';
import { frameOf } from './frameOf.js';

/** Waits until a video shows one picture and then another one. */
export async function expectMoving(video: HTMLVideoElement): Promise<void> {
  const first = await waitFor(() => frameOf(video), { timeout: 20_000 });
  await waitFor(() => expect(frameOf(video)).not.toEqual(first), { timeout: 10_000 });
}
