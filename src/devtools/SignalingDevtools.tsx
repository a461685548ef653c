'use client';

import { useEffect, useRef, useState, type ReactElement } from 'react';
import { createPortal } from 'react-dom';
import { Panel } from './Panel.js';
import type { InspectedDriver } from './InspectedDriver.js';
import { STYLES } from './styles.js';

/** Props of {@link SignalingDevtools}. */
export interface SignalingDevtoolsProps {
  /** What `inspect()` returned. */
  driver: InspectedDriver;
  /** Whether the panel is open at first. Default: `false`, a button in the corner of the page. */
  initialOpen?: boolean | undefined;
  /** Fills the element it is in, without a button. Default: `false`. */
  inline?: boolean | undefined;
  /** Default: the `color-scheme` of the page. */
  theme?: 'light' | 'dark' | undefined;
}

/**
 * A panel for developers: the state of the connection, the topics with their listeners and cursors,
 * gaps and errors, the last signals, and buttons that break the connection. It lives in a shadow
 * root, so no style of it reaches the page. While it is closed it does nothing; while it is open it
 * looks at the driver four times a second.
 */
export function SignalingDevtools({
  driver,
  initialOpen = false,
  inline = false,
  theme,
}: SignalingDevtoolsProps): ReactElement {
  const [isOpen, setOpen] = useState(initialOpen);
  const host = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<ShadowRoot>();
  useEffect(() => {
    const element = host.current;
    if (element) setRoot(element.shadowRoot ?? createRoot(element));
  }, []);
  const placed = inline ? '' : ' floating';
  const content =
    isOpen || inline ? (
      <Panel
        driver={driver}
        className={`panel${placed}`}
        onClose={inline ? undefined : () => setOpen(false)}
      />
    ) : (
      <button type="button" className={`open${placed}`} onClick={() => setOpen(true)}>
        Signaling
      </button>
    );
  return (
    <div ref={host} style={{ colorScheme: theme, height: inline ? '100%' : undefined }}>
      {root && createPortal(content, root)}
    </div>
  );
}

/** A style sheet that is made this way needs no permission of a Content Security Policy. */
function createRoot(host: HTMLElement): ShadowRoot {
  const root = host.attachShadow({ mode: 'open' });
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  }
  return root;
}
