// React, in strict mode: every effect runs twice, every element is mounted, taken away and mounted again.
import { StrictMode, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Badge({ amountFen, onReady }) {
  const element = useRef(null);
  useEffect(() => {
    const { current } = element;
    current.addEventListener('loan:ready', onReady);
    return () => current.removeEventListener('loan:ready', onReady);
  }, [onReady]);
  return <loan-badge ref={element} amount-fen={amountFen} term={12}>分期月付</loan-badge>;
}

function Page() {
  const [amountFen, setAmount] = useState(1_299_900);
  const [shown, setShown] = useState(true);
  const [ready, setReady] = useState(false);
  return (
    <main>
      <h1>React</h1>
      <button id="double" onClick={() => setAmount(amountFen * 2)}>Twice as much</button>
      <button id="toggle" onClick={() => setShown(!shown)}>Hide or show</button>
      <p id="state">{ready ? 'ready' : 'waiting'}</p>
      {shown && <Badge amountFen={amountFen} onReady={() => setReady(true)} />}
      {shown && <loan-explain amount-fen={amountFen} />}
      <loan-apply />
    </main>
  );
}

createRoot(document.querySelector('#root')).render(<StrictMode><Page /></StrictMode>);
