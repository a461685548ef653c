/** On your server, with a token that may publish to users. */
export async function notify(userId: string, text: string): Promise<void> {
  await fetch('https://example.com/.well-known/mercure', {
    method: 'POST',
    headers: { Authorization: `Bearer ${process.env.MERCURE_PUBLISHER_TOKEN}` },
    body: new URLSearchParams({
      topic: `https://example.com/users/${userId}/notifications`,
      data: btoa(JSON.stringify({ id: crypto.randomUUID(), text })),
      private: 'on',
    }),
  });
}
