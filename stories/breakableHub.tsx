import { useEffect, useState } from 'react';
import { createHub, type Disruption } from '../src/hub/index.js';

/** A hub that can be broken: in this page, so that it is nobody else's. */
export interface BreakableHub {
  /** Stands in for the network, as `fetch` of a provider. */
  fetch: typeof globalThis.fetch;
  disrupt: (disruption: Disruption) => void;
}

export function useBreakableHub(): BreakableHub {
  const [hub] = useState(() => createHub({ openToAll: true, heartbeatInterval: 1_000 }));
  useEffect(() => () => hub.disrupt({ streams: 'end' }), [hub]);
  const [breakable] = useState(() => ({
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const response = await hub.fetch(request);
      // What is aborted ends, as it does on a network.
      const body = response.body?.pipeThrough(new TransformStream(), { signal: request.signal });
      return new Response(body, response);
    },
    disrupt: (disruption: Disruption) => hub.disrupt(disruption),
  }));
  return breakable;
}

const DISRUPTIONS: Record<string, Disruption> = {
  'End the streams': { streams: 'end' },
  'Cut the streams': { streams: 'cut' },
  'Cut them and forget': { streams: 'cut', forget: true },
  'Fall silent': { streams: 'freeze' },
  'Answer 503': { streams: 'cut', refuse: 503 },
  Mend: {},
};

export function BreakingButtons({ hub }: { hub: BreakableHub }) {
  return (
    <div className="row" role="group" aria-label="The hub">
      {Object.entries(DISRUPTIONS).map(([label, disruption]) => (
        <button key={label} onClick={() => hub.disrupt(disruption)}>
          {label}
        </button>
      ))}
    </div>
  );
}
