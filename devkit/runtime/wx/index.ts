/** The `wx` object. A name that is not here answers undefined and says so in the console. */
import { answer, silent } from './answers'
import { downloadFile, getFileSystemManager, openDocument } from './files'
import { login, requestPayment, requestSubscribeMessage } from './identity'
import { offNetworkStatusChange, onNetworkStatusChange, request } from './request'
import { capsule, createAnimation, device, makePhoneCall, setNavigationBarTitle, showModal, showToast } from './screen'
import { clearStorageSync, getStorageSync, removeStorageSync, setStorage, setStorageSync } from './storage'
import { currentPage, navigateBack, navigateTo, reLaunch, redirectTo } from '../pages'
import type { Loose } from '../dom'

const moving = (move: (options: Loose) => string) => (options: Loose = {}) => answer(options, { errMsg: move(options) })

const played: Record<string, Loose> = {
  request, onNetworkStatusChange, offNetworkStatusChange,
  getNetworkType: (options: Loose) => answer(options, { errMsg: 'getNetworkType:ok', networkType: navigator.onLine ? 'wifi' : 'none' }),
  login, requestPayment, requestSubscribeMessage, downloadFile, getFileSystemManager, openDocument,
  setStorageSync, getStorageSync, removeStorageSync, clearStorageSync, setStorage,
  navigateTo: moving(navigateTo), redirectTo: moving(redirectTo), reLaunch: moving(reLaunch), navigateBack: moving(navigateBack),
  showToast, showModal, setNavigationBarTitle, makePhoneCall,
  hideToast: silent('hideToast'), showLoading: silent('showLoading'), hideLoading: silent('hideLoading'),
  stopPullDownRefresh: silent('stopPullDownRefresh'), vibrateShort: silent('vibrateShort'), hideKeyboard: silent('hideKeyboard'),
  setClipboardData: silent('setClipboardData'),
  pageScrollTo: (options: Loose) => { scrollTo({ top: options.scrollTop }); return answer(options, { errMsg: 'pageScrollTo:ok' }) },
  getSystemInfoSync: device, getWindowInfo: device, getDeviceInfo: device, getAppBaseInfo: device,
  getAppAuthorizeSetting: () => ({}),
  getMenuButtonBoundingClientRect: capsule,
  getAccountInfoSync: () => ({ miniProgram: { appId: 'preview', envVersion: 'develop', version: '' } }),
  getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  createSelectorQuery: () => currentPage()?.instance.createSelectorQuery(),
  createAnimation,
  nextTick: (work: () => void) => void Promise.resolve().then(work),
  canIUse: () => true,
  onThemeChange: () => undefined, offThemeChange: () => undefined, onWindowResize: () => undefined, offWindowResize: () => undefined,
}

export const wx: Loose = new Proxy(played, {
  get: (target, name) => {
    if (name in target) return target[name as string]
    if (typeof name === 'string') console.warn(`[mini-program] wx.${name} is not played here`)
    return undefined
  },
})
