/** The colour of an application's status: amber asks the reader to act, petrol waits for the bank. */
const TONES: Record<string, string> = {
  submitted: 'go', deciding: 'go', signing: 'go', effective: 'go', approved: 'ok', drawn: 'ok', declined: 'bad',
}

export const applicationTone = (status: string): string => TONES[status] ?? ''
