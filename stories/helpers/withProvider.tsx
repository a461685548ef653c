import type { Decorator } from '@storybook/react-vite';
import { SignalingProvider } from 'react-signaling';
import './stories.css';

/** What an app has around its components: a provider, at the hub of this Storybook. */
export const withProvider: Decorator = (Story) => (
  <div className="story">
    <SignalingProvider>
      <Story />
    </SignalingProvider>
  </div>
);
