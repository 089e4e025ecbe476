// Page objects for partners' own tests with Playwright: `new Widgets(page)`. They need nothing but the page given to them.
export class Widgets {
  /** `page`: of @playwright/test or playwright-core. */
  constructor(page) {
    this.page = page;
    this.badge = page.locator('loan-badge');
    this.offer = page.locator('loan-offer');
    this.apply = page.locator('loan-apply');
    this.mock = page.locator('dialog[data-loan-mock]');
  }

  /** Call before `goto`: keeps every `loan:…` event. */
  async listen() {
    await this.page.addInitScript(() => {
      window.loanEvents = [];
      const names = 'ready render resize open close offer.shown offer.dismissed prequal.result apply.step apply.done application.submitted handoff.created handoff.scanned handoff.confirmed handoff.completed repay.submitted token.expiring exit error';
      for (const name of names.split(' ')) document.addEventListener(`loan:${name}`, ({ detail }) => window.loanEvents.push({ name, ...detail }));
    });
  }

  /** Names of the events so far, in order; of one component when it is named. */
  async events(component) {
    const all = await this.page.evaluate(() => window.loanEvents);
    return all.filter((one) => !component || one.component === component).map((one) => one.name);
  }

  /** The bank's window inside an element, or the dialog. */
  frame(element = 'dialog') { return this.page.locator(element).frameLocator('iframe'); }

  async openApply() { await this.apply.locator('button').first().click(); }

  /** With mock.js: the window ends as `mock.outcome` says. */
  async goThrough() { await this.mock.getByRole('button', { name: 'Go through' }).click(); }
  async leave() { await this.mock.getByRole('button', { name: 'Close' }).click(); }
}
