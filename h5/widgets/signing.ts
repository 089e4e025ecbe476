// What the signature needs between two screens: the hash of the document that was opened, and the code that was sent.
import { reactive } from 'vue';

export const signing = reactive({ contractId: '', sha256: '', codeId: '', resendAt: 0, proven: false });
