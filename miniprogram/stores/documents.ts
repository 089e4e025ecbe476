/** Papers of the bank: fetched and opened in WeChat's own viewer; a contract only when it is the one that was announced. */
import * as api from '../api/calls'
import { ApiProblem, authorization } from '../api/client'
import { API_ORIGIN } from '../deployment'

interface Fetched {
  statusCode: number
  tempFilePath: string
}

const fetchFile = (path: string): Promise<Fetched> =>
  new Promise((resolve, reject) => {
    wx.downloadFile({
      url: API_ORIGIN + path,
      header: authorization(),
      success: resolve,
      fail: () => reject(new ApiProblem('offline', 0, 'offline', '')),
    })
  })

const sha256Of = (filePath: string): Promise<string> =>
  new Promise((resolve, reject) => {
    wx.getFileSystemManager().getFileInfo({
      filePath,
      digestAlgorithm: 'sha256',
      success: ({ digest }) => resolve(String(digest).toLowerCase()),
      fail: () => reject(new ApiProblem('refused', 0, 'contract.document_mismatch', '')),
    })
  })

/** One of the customer's papers. Raises ApiProblem. */
export async function openPaper(path: string): Promise<void> {
  await shown(await fetched(path, api.me))
}

/** The document of an application's contract. Raises ApiProblem, also when what came is not what was announced. */
export async function openContract(path: string, sha256: string, applicationId: string): Promise<void> {
  const filePath = await fetched(path, () => api.application(applicationId))
  if ((await sha256Of(filePath)) !== sha256) throw new ApiProblem('refused', 0, 'contract.document_mismatch', '')
  await shown(filePath)
}

/** `anew` is any call: it begins an ended session anew, if that can be done without the person. */
async function fetched(path: string, anew: () => Promise<unknown>): Promise<string> {
  let file = await fetchFile(path)
  if (file.statusCode === 401) {
    await anew()
    file = await fetchFile(path)
  }
  const { statusCode, tempFilePath } = file
  if (statusCode !== 200) throw new ApiProblem(statusCode >= 500 ? 'down' : 'refused', statusCode, `http.${statusCode}`, '')
  return tempFilePath
}

const shown = async (filePath: string): Promise<void> => void (await wx.openDocument({ filePath, fileType: 'pdf', showMenu: true }))
