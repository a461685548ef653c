import type { ReactNode } from 'react';
import { SignalingProvider } from 'react-signaling';
import './stories.css';

/** Two people in one page, each with a connection to the hub of their own, as in two tabs. */
export function TwoPeople({ children }: { children: (name: string) => ReactNode }) {
  return (
    <div className="side-by-side">
      {['Ana', 'Bo'].map((name) => (
        <section key={name} className="story" aria-label={name}>
          <strong>{name}</strong>
          <SignalingProvider>{children(name)}</SignalingProvider>
        </section>
      ))}
    </div>
  );
}
