import { useEffect, useState } from 'react';
import { useConnection, useSignal } from 'react-signaling';

/** Renew this many ms before the end. */
const MARGIN = 30_000;

/**
 * Keeps a cookie fresh. `renew` asks your server for a new one and says when it ends, in ms since
 * the epoch.
 */
export function useFreshCookie(renew: () => Promise<number>): number | undefined {
  const { reconnect } = useConnection();
  const [expiresAt, setExpiresAt] = useState<number>();
  useEffect(() => {
    const pause = expiresAt === undefined ? 0 : expiresAt - MARGIN - Date.now();
    const renewNow = async () => {
      // Where the server cannot be reached, it is asked again in five seconds.
      setExpiresAt(await renew().catch(() => Date.now() + MARGIN + 5_000));
      // Streams that were opened with the old cookie, or with none, are opened anew.
      reconnect();
    };
    const timer = setTimeout(() => void renewNow(), pause);
    return () => clearTimeout(timer);
  }, [expiresAt, renew, reconnect]);
  return expiresAt;
}

export function Inbox({ renew }: { renew: () => Promise<number> }) {
  const expiresAt = useFreshCookie(renew);
  const { status } = useSignal('https://example.com/users/1/inbox');
  return (
    <p role="status">
      {status}; the cookie is good until {expiresAt && new Date(expiresAt).toLocaleTimeString()}
    </p>
  );
}
