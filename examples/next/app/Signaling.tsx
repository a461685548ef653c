'use client';

import type { ReactNode } from 'react';
import { SignalingProvider } from 'react-signaling';

/** Asks for a token before every connection and publish, so that none runs out. */
async function authorize() {
  const response = await fetch('/token', { method: 'POST' });
  if (!response.ok) throw new Error(`/token answered ${response.status}.`);
  const { token } = (await response.json()) as { token: string };
  return { headers: { Authorization: `Bearer ${token}` } };
}

export function Signaling({ url, children }: { url: string; children: ReactNode }) {
  return (
    // Text: what the server publishes is plain JSON.
    <SignalingProvider url={url} publisher={authorize} subscriber={authorize} encoding="text">
      {children}
    </SignalingProvider>
  );
}
