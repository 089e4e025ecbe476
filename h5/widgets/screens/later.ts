// Everything after the phone number, as one file with its words.
import { learn } from '../text';
import { zhLater } from '../text/zh-later';

learn(zhLater);

export { default as Code } from './Code.vue';
export { default as Confirm } from './Confirm.vue';
export { default as Consents } from './Consents.vue';
export { default as Contract } from './Contract.vue';
export { default as Costs } from './Costs.vue';
export { default as Declined } from './Declined.vue';
export { default as Done } from './Done.vue';
export { default as Drawing } from './Drawing.vue';
export { default as Ended } from './Ended.vue';
export { default as EnterpriseChoice } from './EnterpriseChoice.vue';
export { default as Explain } from './Explain.vue';
export { default as Handoff } from './Handoff.vue';
export { default as Identity } from './Identity.vue';
export { default as Manage } from './Manage.vue';
export { default as Match } from './Match.vue';
export { default as Offer } from './Offer.vue';
export { default as Standing } from './Standing.vue';
export { default as Terms } from './Terms.vue';
export { default as Waiting } from './Waiting.vue';
export { default as Who } from './Who.vue';
