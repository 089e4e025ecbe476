/** Files of the mini-program, in memory; documents open above the page, as in WeChat's own viewer. */
import { globals, type Loose } from '../dom'
import { answer } from './answers'
import { bankUrl } from './request'

const files = new Map<string, Blob>()

export function downloadFile(options: Loose): { abort(): void } {
  const control = new AbortController()
  fetch(bankUrl(options.url), { headers: options.header, signal: control.signal })
    .then(async (response) => {
      const tempFilePath = `http://tmp/${files.size}`
      files.set(tempFilePath, await response.blob())
      void answer(options, { errMsg: 'downloadFile:ok', tempFilePath, statusCode: response.status })
    })
    .catch((error) => void answer({ ...options, fail: options.fail ?? (() => undefined) }, { errMsg: `downloadFile:fail ${(error as Error).message}` }))
  return { abort: () => control.abort() }
}

const ALGORITHMS: Record<string, string> = { sha1: 'SHA-1', sha256: 'SHA-256' }

async function digest(file: Blob, algorithm: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest(ALGORITHMS[algorithm], await file.arrayBuffer()))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const getFileSystemManager = (): Loose => ({
  getFileInfo(options: Loose): void {
    const file = files.get(options.filePath)
    if (!file || !ALGORITHMS[options.digestAlgorithm]) return void answer(options, { errMsg: 'getFileInfo:fail no such file or digest' })
    digest(file, options.digestAlgorithm).then((found) => void answer(options, { errMsg: 'getFileInfo:ok', size: file.size, digest: found }))
  },
})

/** A browser without a PDF viewer shows the link alone. */
export function openDocument(options: Loose): Promise<Loose> {
  const file = files.get(options.filePath)
  if (!file) return answer(options, { errMsg: 'openDocument:fail file does not exist' })
  const viewer = document.getElementById('document') as HTMLDialogElement
  const url = URL.createObjectURL(new Blob([file], { type: options.fileType === 'pdf' ? 'application/pdf' : file.type }))
  viewer.querySelector('object')!.data = url
  viewer.querySelector('a')!.href = url
  viewer.dataset.kind = globals.navigator.pdfViewerEnabled ? 'shown' : 'linked'
  viewer.onclose = () => URL.revokeObjectURL(url)
  viewer.showModal()
  return answer(options, { errMsg: 'openDocument:ok' })
}
