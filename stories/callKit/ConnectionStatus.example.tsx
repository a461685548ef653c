import { useSignal } from 'react-signaling';
import { ConnectionStatus } from 'react-signaling/components';
import 'react-signaling/components.css';

export function Header() {
  useSignal('https://example.com/status');
  return <ConnectionStatus />;
}
