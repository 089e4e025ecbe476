// Vue: names that begin with `loan-` are left to the browser; with templates set `compilerOptions.isCustomElement`.
import { createApp, h, ref } from 'vue';

createApp({
  setup() {
    const amountFen = ref(1_299_900);
    const shown = ref(true);
    const ready = ref(false);
    return () => h('main', [
      h('h1', 'Vue'),
      h('button', { id: 'double', onClick: () => { amountFen.value *= 2; } }, 'Twice as much'),
      h('button', { id: 'toggle', onClick: () => { shown.value = !shown.value; } }, 'Hide or show'),
      h('p', { id: 'state' }, ready.value ? 'ready' : 'waiting'),
      shown.value && h('loan-badge', { 'amount-fen': amountFen.value, term: 12, 'onLoan:ready': () => { ready.value = true; } }, '分期月付'),
      shown.value && h('loan-explain', { 'amount-fen': amountFen.value }),
      h('loan-apply'),
    ]);
  },
}).mount('#root');
