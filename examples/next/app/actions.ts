'use server';

import { createToken, HUB_URL, TOPIC } from './hub';

/** Publishes as the server. */
export async function announce(): Promise<void> {
  const message = { id: crypto.randomUUID(), text: 'The server says hello.' };
  const response = await fetch(HUB_URL, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await createToken()}` },
    body: new URLSearchParams({ topic: TOPIC, data: JSON.stringify(message), private: 'on' }),
  });
  if (!response.ok) throw new Error(`The hub answered ${response.status}.`);
}
