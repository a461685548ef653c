import type { Decorator, Preview } from '@storybook/react-vite';
import { useEffect } from 'react';
import '../src/components/components.css';

/** Light, dark, or whatever the system says, for the components and for the page around them. */
const Theme: Decorator = (Story, { globals }) => {
  const theme = String(globals.theme);
  useEffect(() => {
    const { dataset, style } = document.documentElement;
    style.colorScheme = theme === 'system' ? '' : theme;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
  return <Story />;
};

const preview: Preview = {
  decorators: [Theme],
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
  },
};

export default preview;
