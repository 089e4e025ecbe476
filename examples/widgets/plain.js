// What a page adds to the elements: the function that asks its own server for a client token, and what it listens to.
const { init, on } = await import(document.querySelector('script[data-partner]').src);
await init({
  fetchClientToken: ({ component }) => fetch('/token', { method: 'POST', body: component }).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error('token')))),
});
const badge = document.querySelector('loan-badge');
document.querySelector('#amount').addEventListener('input', (event) => badge.setAttribute('amount-fen', event.target.value));
window.heard = [];
for (const name of ['ready', 'open', 'close', 'exit', 'error']) on(name, (event) => window.heard.push([name, event.detail.component, event.detail.code ?? event.detail.reason ?? '']));
