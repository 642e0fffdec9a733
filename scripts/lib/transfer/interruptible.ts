/** A signal that the first Ctrl-C or SIGTERM raises; the second one ends the process as usual. */
export function interruptible(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const stop = () => {
    process.stderr.write('\nStopping after the batches under way…\n')
    controller.abort()
    release()
  }
  const release = () => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return { signal: controller.signal, release }
}
