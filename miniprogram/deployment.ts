/** The one thing a bank sets here: its API's address, which must stand in the mini-program's list of request domains. */
export const API_ORIGIN = 'https://api.bank.example'
