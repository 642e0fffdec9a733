/** `Promise.withResolvers`, which Node 20 has not. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((keep) => (resolve = keep))
  return { promise, resolve }
}
