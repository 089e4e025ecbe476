// How the shop joins the bank's elements to its own orders: it hands out client tokens when they are asked for.

const card = document.querySelector('[data-loan]');
const note = card.querySelector('[data-loan-note]');
let orderRef = card.dataset.orderRef;
let placing;

/** The order of this page. At the check-out it is placed when the bank's window first needs it, and only once. */
async function order() {
  if (orderRef) return orderRef;
  placing ??= fetch(`/shop/api/checkouts/${card.dataset.checkoutId}/order`, { method: 'POST' })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`order ${answer.status}`))))
    .finally(() => { placing = undefined; });
  orderRef = (await placing).order_ref;
  return orderRef;
}

/** Called by the bank's script; the shop's server signs the request to the bank. */
async function fetchClientToken({ component = 'apply' } = {}) {
  const answer = await fetch(`/shop/api/orders/${await order()}/loan-session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ component }),
  });
  if (!answer.ok) throw new Error(`loan-session ${answer.status}`);
  return (await answer.json()).client_token;
}

/** Back from the bank's window: the order's own page knows how it stands. */
function leave() {
  delete document.body.dataset.loanOpen;
  if (orderRef) location.assign(`/shop/orders/${orderRef}`);
}

document.addEventListener('loan:open', () => { document.body.dataset.loanOpen = 'yes'; });
document.addEventListener('loan:close', leave);
document.addEventListener('loan:error', () => { note.textContent = card.dataset.failed; });

const script = document.querySelector('script[data-partner]');
if (script) {
  try {
    const { init } = await import(script.src);
    await init({ partner: script.dataset.partner, locale: card.dataset.locale, theme: 'light', fetchClientToken });
  } catch { /* without the bank's script the form inside <loan-apply> leads to the bank in a full page */ }
}
