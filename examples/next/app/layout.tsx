import type { ReactNode } from 'react';
import { connection } from 'next/server';
import 'react-signaling/components.css';
import { HUB_URL } from './hub';
import { Signaling } from './Signaling';

export const metadata = { title: 'Chat' };

export default async function Layout({ children }: { children: ReactNode }) {
  // The address is that of this server, not of the machine that built it.
  await connection();
  return (
    <html lang="en">
      <head>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <Signaling url={HUB_URL}>{children}</Signaling>
      </body>
    </html>
  );
}
