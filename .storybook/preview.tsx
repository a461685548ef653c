import type { Decorator, Preview } from '@storybook/react-vite';
import '../src/components/components.css';
import { argTypesFromApi } from './argTypesFromApi.js';
import { DocsPage } from './DocsPage.js';
import { startPageHub } from './startPageHub.js';
import { useTheme } from './theme.js';

/** Light, dark, or whatever the system says, for the components and for the page around them. */
const Theme: Decorator = (Story, { globals }) => {
  useTheme(String(globals.theme));
  return <Story />;
};

// In development and in tests the hub is in Vite's server.
if (import.meta.env.PROD) await startPageHub();

const preview: Preview = {
  decorators: [Theme],
  argTypesEnhancers: [argTypesFromApi],
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        icon: 'contrast',
        dynamicTitle: true,
        items: [
          { value: 'system', title: 'As the system', icon: 'browser' },
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
      },
    },
  },
  initialGlobals: { theme: 'system' },
  parameters: {
    a11y: { test: 'error' },
    backgrounds: { disable: true },
    controls: { expanded: true },
    docs: { container: DocsPage },
    options: {
      storySort: {
        order: [
          'Welcome',
          'Start',
          'Hooks',
          [
            'SignalingProvider',
            'useSignal',
            'useSignals',
            'readMercureLink',
            'usePublish',
            'useConnection',
            'usePresence',
            'useTyping',
            'useCall',
            'useLocalMedia',
            'useSpeaking',
            'usePeerStats',
            'useCallMessages',
          ],
          'Call kit',
          ['VideoCall', 'Lobby', 'CallGrid', 'VideoTile', 'CallAudio', 'CallControls'],
          'Hubs and tokens',
          ['Which hub', 'Tokens'],
          'Recipes',
          'Testing',
          'Devtools',
          'Break the hub',
          'API',
        ],
      },
    },
  },
};

export default preview;
