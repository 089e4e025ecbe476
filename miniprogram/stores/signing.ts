/** What a signature needs between two pages: the document that was read, and the code that was sent. In memory only. */
import type { SentCode } from '../api/types'

const nothing = { applicationId: '', contractId: '', sha256: '', codeId: '', resendAt: 0, proven: false }
let kept = { ...nothing }

export const signing = {
  current: (): Readonly<typeof nothing> => kept,
  read: (applicationId: string, contractId: string, sha256: string): void => { kept = { ...nothing, applicationId, contractId, sha256 } },
  sent: ({ code_id, resend_after_s }: SentCode): void => { kept = { ...kept, codeId: code_id, resendAt: Date.now() + resend_after_s * 1000, proven: false } },
  prove: (): void => { kept.proven = true },
  forget: (): void => { kept = { ...nothing } },
}
