import { render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { MemoryDriver, SignalingProvider } from 'react-signaling';
import { VideoCall } from 'react-signaling/components';
import { createFakeMedia, createTestSignaling } from 'react-signaling/testing';

test('two calls in one page find each other, with devices that are not there', async () => {
  const media = createFakeMedia();
  const signaling = createTestSignaling();
  const calls = [signaling.driver, new MemoryDriver(signaling)].map((driver, index) => {
    const call = createElement(VideoCall, { room: 'room', name: ['Ana', 'Bo'][index] });
    return createElement(SignalingProvider, { driver, key: index }, call);
  });
  const { unmount } = render(calls);
  await screen.findByLabelText('Video of Bo', {}, { timeout: 5_000 });
  await screen.findByLabelText('Video of Ana', {}, { timeout: 5_000 });
  unmount();
  expect(media.live).toEqual([]);
  media.remove();
});
