import { useEffect, useSyncExternalStore } from 'react';
import { GLOBALS_UPDATED, SET_GLOBALS } from 'storybook/internal/core-events';
import { addons } from 'storybook/preview-api';

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** What the toolbar says: `light`, `dark`, or as the `system` is. */
export function useChosenTheme(): string {
  return useSyncExternalStore(subscribe, readTheme);
}

export function useIsDark(): boolean {
  const chosen = useChosenTheme();
  const system = useSyncExternalStore(subscribeToSystem, () => systemIsDark.matches);
  return chosen === 'system' ? system : chosen === 'dark';
}

/** Hands the theme to the components and to the page around them. */
export function useTheme(theme: string): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}

function readTheme(): string {
  const channel = addons.getChannel();
  const [last] = channel.last(GLOBALS_UPDATED) ?? channel.last(SET_GLOBALS) ?? [];
  const { globals } = (last ?? {}) as { globals?: { theme?: string } };
  return globals?.theme ?? 'system';
}

function subscribe(listener: () => void): () => void {
  const channel = addons.getChannel();
  for (const event of [GLOBALS_UPDATED, SET_GLOBALS]) channel.on(event, listener);
  return () => {
    for (const event of [GLOBALS_UPDATED, SET_GLOBALS]) channel.off(event, listener);
  };
}

function subscribeToSystem(listener: () => void): () => void {
  systemIsDark.addEventListener('change', listener);
  return () => systemIsDark.removeEventListener('change', listener);
}
