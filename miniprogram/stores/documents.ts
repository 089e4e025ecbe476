/** Papers of the bank: fetched, checked to be the ones that were announced, and opened in WeChat's own viewer. */
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

/** The document of an application's contract. Raises ApiProblem, also when what came is not what was announced. */
export async function openContract(path: string, sha256: string, applicationId: string): Promise<void> {
  let file = await fetchFile(path)
  if (file.statusCode === 401) {
    await api.application(applicationId) // begins the session anew, if it can
    file = await fetchFile(path)
  }
  const { statusCode, tempFilePath: filePath } = file
  if (statusCode !== 200) throw new ApiProblem(statusCode >= 500 ? 'down' : 'refused', statusCode, `http.${statusCode}`, '')
  if ((await sha256Of(filePath)) !== sha256) throw new ApiProblem('refused', 0, 'contract.document_mismatch', '')
  await wx.openDocument({ filePath, fileType: 'pdf', showMenu: true })
}
