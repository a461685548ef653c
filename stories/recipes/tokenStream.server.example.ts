export interface Token {
  number: number;
  text: string;
  /** The answer ends with this token. */
  end: boolean;
}

/** On your server: publishes an answer while the model writes it. */
export async function publishAnswer(
  hub: string,
  id: string,
  pieces: AsyncIterable<string>,
  headers: HeadersInit = {},
): Promise<void> {
  const publish = async (token: Token) => {
    const body = new URLSearchParams({
      topic: `https://example.com/answers/${id}`,
      data: JSON.stringify(token),
    });
    const response = await fetch(hub, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`The hub answered ${response.status}.`);
  };
  let number = 0;
  // One after the other: so the hub has them in order.
  for await (const text of pieces) await publish({ number: number++, text, end: false });
  await publish({ number, text: '', end: true });
}
