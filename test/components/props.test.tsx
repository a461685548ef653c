import '@testing-library/jest-dom/vitest';
import { render } from '@testing-library/react';
import { createRef, type ReactElement, type Ref } from 'react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CallAudio,
  CallChat,
  CallControls,
  CallGrid,
  ConnectionStatus,
  DeviceMenu,
  Lobby,
  VideoCall,
  VideoTile,
} from '../../src/components/index.js';
import { MemoryDriver, SignalingProvider } from '../../src/index.js';
import { fakeDevice, fakeMedia } from './fakes.js';

interface Common {
  ref: Ref<never>;
  className: string;
  id: string;
}

const COMPONENTS: Record<string, (common: Common) => ReactElement> = {
  CallAudio: (common) => <CallAudio peers={[]} {...common} />,
  CallChat: (common) => <CallChat messages={[]} send={vi.fn()} {...common} />,
  CallControls: (common) => <CallControls media={fakeMedia()} {...common} />,
  CallGrid: (common) => <CallGrid {...common} />,
  ConnectionStatus: (common) => <ConnectionStatus {...common} />,
  DeviceMenu: (common) => <DeviceMenu device={fakeDevice()} aria-label="Camera" {...common} />,
  Lobby: (common) => <Lobby media={fakeMedia()} onJoin={vi.fn()} {...common} />,
  VideoCall: (common) => <VideoCall room="room" media={fakeMedia()} {...common} />,
  VideoTile: (common) => <VideoTile {...common} />,
};

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
});

describe('every component', () => {
  test.each(Object.entries(COMPONENTS))(
    '%s takes a ref, a class and attributes for its element',
    (_, component) => {
      const ref = createRef<never>();
      const { unmount } = render(
        <SignalingProvider driver={new MemoryDriver()}>
          {component({ ref, className: 'mine', id: 'one' })}
        </SignalingProvider>,
      );
      const element = document.getElementById('one')!;
      expect(ref.current).toBe(element);
      expect(element).toHaveClass('mine');
      expect(element.className).toMatch(/^rs-/);
      unmount();
      expect(ref.current).toBeNull();
    },
  );
});
