// Where the key of a full page lies: it must outlive being loaded again. Frames keep theirs in memory and load none of this.
const settled = <T>(asked: IDBRequest<T>) => new Promise<T>((done, fail) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error ?? new Error('IndexedDB'));
});

/** The key of this browser, made when there is none; it can be used from IndexedDB and not taken out of it. */
export async function kept(make: () => Promise<CryptoKeyPair>): Promise<CryptoKeyPair> {
  try {
    const opening = indexedDB.open('dukou', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
    const database = await settled(opening);
    const keys = (mode: IDBTransactionMode) => database.transaction('keys', mode).objectStore('keys');
    const found = () => settled(keys('readonly').get('frame') as IDBRequest<CryptoKeyPair | undefined>);
    const known = await found();
    if (known) return known;
    const made = await make();
    await settled(keys('readwrite').add(made, 'frame')).catch(() => null); // another tab was quicker
    return await found() ?? made;
  } catch {
    return make(); // then a reload begins in the shop
  }
}
