// What the first screens say, in Chinese; `zh-later.ts` has the rest, `en.ts` the keys of both.
export const zh = {
  product: '货款分期', provided: '本窗口由{bank}提供', back: '返回', close: '关闭，回到商店', language: 'English', steps: '第 {n} 步，共 4 步', yuan: '{amount} 元',
  step1: '核对订单', step2: '身份和企业', step3: '授权和审批', step4: '看费用、签约',
  goOn: '继续', loading: '正在读取，通常不到 1 秒', slow: '网络有点慢，还在读取', offline: '网络断开了。填过的内容还在，连上后接着办。',
  retry: '再试一次', requestNo: '请求编号 {id}', toShop: '回到{partner}', closePage: '可以关掉这个页面了', phoneBank: '打电话问 {phone}',
  rate: '年化利率（单利）', rateRange: '{low}–{high}', rateFixed: '年化利率（单利，合同固定）', allIn: '综合融资成本（年化，单利）',
  startTitle: '用贷款付这笔订单', startAsk: '{partner}请你在这里核对', payTo: '付给', goods: '商品', amount: '金额', orderNo: '订单号',
  startNote: '现在不查征信。你填的内容只有银行能看到，{partner}只会知道办到了哪一步。', startGo: '没问题，继续',
  rateNote: '具体利率在审批后确定，签约前给你看完整的费用表。', amountOut: '这笔订单的金额不在可贷范围内（{min}–{max} 元）。',
  phoneTitle: '你的手机号是多少', phoneLabel: '手机号', phoneHint: '用来登录和确认签约，不会给商店', phoneBad: '请填 11 位的大陆手机号', sendCode: '获取验证码', wechat: '用微信登录', orPhone: '或者用手机号', expired: '登录过期了。填过的内容还在，再登录一次就能接着办。',
  endTitle: '这一页打不开',
  e_network: '网络没有连上', e_network_hint: '没有收到银行的回答。再试一次不会重复办理。', e_server: '我们这边出了问题', e_server_hint: '不是你的问题，填过的内容还在。再试一次不会重复办理。', e_other: '这一步没有办成', e_other_hint: '请再试一次；还不行就打电话给我们，报上请求编号。',
  e_wait: '操作太频繁', e_wait_hint: '请等 {n} 秒再试。', e_code_wrong: '验证码不对', e_code_wrong_hint: '还可以试 {n} 次。', e_code_old: '验证码过期了', e_code_old_hint: '请重新获取一个。',
  e_source: '外部数据暂时取不到', e_source_hint: '是我们这边的连接问题，和你无关。再试一次不会重复办理。', e_text_changed: '授权文本更新了', e_text_changed_hint: '请看一遍新的文本再同意。', e_exists: '这笔订单已经有一个申请', e_exists_hint: '请刷新后查看进度。', e_amount: '金额不在可贷范围内', e_amount_hint: '请回到商店换一种方式付款。', e_order: '这笔订单的状态变了', e_order_hint: '请回到商店看看订单。',
  e_token: '这个入口已经用过或过期了', e_token_hint: '为了安全，入口只能用一次。请回到商店重新打开。', e_other_customer: '这笔订单是别人在办', e_other_customer_hint: '请用开始办理时的手机号登录，或者回到商店重新打开。', e_partner: '这家商店暂时不能用这项服务', e_partner_hint: '请换一种方式付款。', e_origin: '这个网页不能打开银行的窗口', e_origin_hint: '请从商店自己的网站重新打开。', e_snapshot: '微信给的是临时身份，不能登录', e_snapshot_hint: '请点页面右下角的「使用完整服务」后再试，或者用手机号登录。',
};
export type Key = keyof typeof zh | keyof typeof import('./zh-later').zhLater;
