// Small comforts of the shop's pages. Every page works without this file.

/** Digits of fen as yuan with separators: 1299900 → "12,999.00". */
const yuan = (fen) => `${Math.floor(fen / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')}.${String(fen % 100).padStart(2, '0')}`;

/** The stepper beside a quantity: buttons change it, the subtotal and the bank's badge follow. */
function steppers() {
  for (const form of document.querySelectorAll('form[data-price-fen]')) {
    const input = form.querySelector('[data-stepper] input');
    const subtotal = form.querySelector('[data-subtotal]');
    const badge = document.querySelector('loan-badge');
    const follow = () => {
      const quantity = Number(input.value);
      if (!Number.isInteger(quantity) || quantity < 1 || quantity > Number(input.max)) return;
      const amount = quantity * Number(form.dataset.priceFen);
      subtotal.textContent = quantity > 1 ? subtotal.dataset.text.replace('{amount}', yuan(amount)) : '';
      badge?.setAttribute('amount-fen', String(amount));
    };
    for (const button of form.querySelectorAll('[data-step]')) {
      button.addEventListener('click', () => {
        const wanted = (Number(input.value) || 1) + Number(button.dataset.step);
        input.value = String(Math.min(Math.max(wanted, 1), Number(input.max)));
        follow();
      });
    }
    input.addEventListener('input', follow);
    input.parentElement.dataset.stepper = 'ready';
    follow();
  }
}

/** An open order is asked about every 2 s, cheaply by ETag; when it has moved, the page is drawn anew by the server. */
function watchOrder() {
  const box = document.querySelector('[data-watch]');
  if (!box) return;
  const { order, state, stage } = box.dataset;
  let etag = '';
  const ask = async () => {
    if (document.hidden || document.body.dataset.loanOpen) return;
    try {
      const answer = await fetch(`/shop/api/orders/${order}`, { cache: 'no-store', headers: etag ? { 'If-None-Match': etag } : {} });
      if (answer.status !== 200) return;
      etag = answer.headers.get('ETag') ?? '';
      const now = await answer.json();
      if (now.state !== state || (now.loan?.stage ?? '') !== stage) location.replace(location.pathname);
    } catch { /* the network comes back, the next question finds out */ }
  };
  setInterval(ask, 2000);
  document.addEventListener('visibilitychange', ask);
}

steppers();
watchOrder();
