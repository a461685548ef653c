import { useState } from 'react';
import { useSignal } from 'react-signaling';

interface Notification {
  id: string;
  text: string;
}

export function Notifications({ userId }: { userId: string }) {
  const [list, setList] = useState<readonly Notification[]>([]);
  useSignal<Notification>(`https://example.com/users/${userId}/notifications`, (notification) =>
    setList((list) => [...list, notification]),
  );
  const dismiss = (id: string) => setList((list) => list.filter((one) => one.id !== id));
  return (
    <ul aria-label="Notifications" aria-live="polite">
      {list.map(({ id, text }) => (
        <li key={id}>
          {text}{' '}
          <button aria-label={`Dismiss: ${text}`} onClick={() => dismiss(id)}>
            Dismiss
          </button>
        </li>
      ))}
    </ul>
  );
}
