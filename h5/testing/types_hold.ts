// Compiled by `npm run check`, never shipped: the published types say what the script is.
import type * as loader from '../loader/embed';
import type * as published from './embed';

export const script: published.Loan = {} as Pick<typeof loader, 'init' | 'update' | 'open' | 'mount' | 'quote' | 'on'>;
document.addEventListener('loan:error', ({ detail }) => { const said: [string, boolean] = [detail.code, detail.retryable]; return said; });
document.createElement('loan-badge').addEventListener('loan:application.submitted', ({ detail }) => detail.application_id.length);
export const tag: HTMLElement = document.createElement('loan-explain');
