import { useState } from 'react';
import { SignalingError, usePublish } from 'react-signaling';

export function PlaceOrder() {
  const publish = usePublish<{ pizza: string }>('https://example.com/orders');
  const [outcome, setOutcome] = useState('');
  const order = async () => {
    setOutcome('Sending…');
    try {
      await publish({ pizza: 'Margherita' });
      setOutcome('The hub has taken it.');
    } catch (error) {
      if (!(error instanceof SignalingError)) throw error;
      setOutcome(`${error.code}: ${error.message}`);
    }
  };
  return (
    <>
      <button onClick={() => void order()}>Order a pizza</button>
      <p role="status">{outcome}</p>
    </>
  );
}
