import { expect, test } from 'vitest';
import { BUDGET, limitsFor } from '../../src/call/budget.js';

const total = (peers: number, sharing = false) => {
  const { microphone, camera, screen } = limitsFor(BUDGET, peers, sharing);
  return peers * (microphone + camera.maxBitrate + (sharing ? screen.maxBitrate : 0));
};

test.each([1, 2, 4, 7, 11])('%i peers together get no more than the budget', (peers) => {
  expect(total(peers)).toBeLessThanOrEqual(BUDGET);
  expect(total(peers, true)).toBeLessThanOrEqual(BUDGET);
});

test('the more peers, the smaller the picture', () => {
  const heights = [1, 3, 7, 16].map((peers) => limitsFor(BUDGET, peers, false).camera.maxHeight);
  expect(heights.toSorted((a, b) => b - a)).toEqual(heights);
});

test('sound is never cut, a picture stays one, and a screen gets more than the camera', () => {
  const { microphone, camera, screen } = limitsFor(100_000, 10, true);
  expect(microphone).toBe(40_000);
  expect(camera.maxBitrate).toBeGreaterThanOrEqual(40_000);
  expect(screen.maxBitrate).toBeGreaterThan(camera.maxBitrate);
  expect(screen.maxHeight).toBe(Infinity);
});
