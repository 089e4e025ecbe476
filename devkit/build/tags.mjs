// The tags that WeChat itself provides; runtime/builtins.ts gives each a body in the browser.
export const BUILT_IN = [
  'view', 'text', 'button', 'input', 'textarea', 'image', 'scroll-view', 'swiper', 'swiper-item', 'label', 'form',
  'navigator', 'rich-text', 'page-meta', 'page-container', 'root-portal', 'cover-view',
]
