import { useMemo } from 'react';
import type { CallMessage, Peer } from '../../src/call/index.js';
import type { CallView } from '../../src/react/call/CallView.js';
import { createTestPicture, createTestScreen } from './testPicture.js';
import { useTestStreams } from './useTestStreams.js';

const NAMES = [
  'Bo Lindqvist',
  'Cleo Adeyemi',
  'Dana Kowalski',
  'Emil Haddad',
  'Farah Okafor',
  'Gus Moreau',
  'Hana Sato',
  'Ivo Petrov',
  'Jun Park',
  'Kira Novak',
  'Liv Andersen',
];

interface Scene {
  /** How many others there are. */
  others: number;
  /** Whether the first of them shares a screen. */
  sharing?: boolean;
  /** What they have written. */
  texts?: readonly string[];
}

/**
 * A call without connections, for looking at what is shown: one speaks, some are muted, one has a
 * hand up.
 */
export function useFakeCall({ others, sharing = false, texts = [] }: Scene): CallView {
  const pictures = useTestStreams(others, createPictureOf);
  const [screen = null] = useTestStreams(sharing ? 1 : 0, createTestScreen);

  const peers = useMemo(
    () =>
      NAMES.slice(0, others).map((name, index): Peer => ({
        id: `p${index + 1}`,
        name,
        data: { hand: index === 1 },
        state: index === 9 ? 'connecting' : 'connected',
        camera: pictures[index] ?? null,
        screen: index === 0 ? screen : null,
        muted: { camera: index % 4 === 2, microphone: index % 3 === 1 },
      })),
    [others, pictures, screen],
  );
  const view = useMemo(() => createView(texts), [texts]);
  return useMemo(() => ({ ...view, peers }), [view, peers]);
}

/** As much of a connection as is asked who speaks. */
const SPEAKING = {
  getSenders: () => [],
  getReceivers: () => [{ getSynchronizationSources: () => [{ audioLevel: 0.2 }] }],
  getStats: async () => new Map(),
} as unknown as RTCPeerConnection;

const createPictureOf = (index: number) => createTestPicture(60 + index * 30);

function createView(texts: readonly string[]): Omit<CallView, 'peers'> {
  const listeners = new Set<(message: CallMessage) => void>();
  let sent = 0;
  const emit = (body: unknown, from: string, name: string, own: boolean) => {
    sent += 1;
    const message = { id: String(sent), from, name, own, to: undefined, at: Date.now(), body };
    listeners.forEach((listener) => listener(message));
  };
  return {
    id: 'own',
    status: 'joined',
    error: undefined,
    leave: () => {},
    rejoin: () => {},
    setData: () => {},
    connection: (peerId) => (peerId === 'p1' ? SPEAKING : undefined),
    send: (_channel, body) => emit(body, 'own', 'Ana', true),
    onMessage: (_channel, listener) => {
      listeners.add(listener);
      for (const text of texts.slice(sent)) {
        const index = sent % NAMES.length;
        emit(text, `p${index + 1}`, NAMES[index]!, index === 3);
      }
      return () => listeners.delete(listener);
    },
  };
}
