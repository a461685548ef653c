'use client';

import type { ReactElement } from 'react';
import type { InspectedDriver } from './InspectedDriver.js';
import { SignalingDevtools } from './SignalingDevtools.js';

/** A plugin as `TanStackDevtools` of `@tanstack/react-devtools` takes it. */
export interface SignalingDevtoolsPlugin {
  /** Tells it from others. */
  readonly id: string;
  /** The name of its tab. */
  readonly name: string;
  /** Renders it, in the theme of the devtools around it. */
  readonly render: (
    element: HTMLElement,
    props: {
      /** The theme of the devtools around it. */
      readonly theme: 'light' | 'dark';
    },
  ) => ReactElement;
}

/**
 * The panel as a plugin of [TanStack Devtools](https://tanstack.com/devtools). It reads from `driver`,
 * so it sends no events through `@tanstack/devtools-event-client` and needs no other package.
 *
 * @example
 * ```tsx
 * <TanStackDevtools plugins={[signalingDevtoolsPlugin(driver)]} />
 * ```
 */
export function signalingDevtoolsPlugin(driver: InspectedDriver): SignalingDevtoolsPlugin {
  return {
    id: 'react-signaling',
    name: 'Signaling',
    render: (_element, { theme }) => <SignalingDevtools driver={driver} theme={theme} inline />,
  };
}
