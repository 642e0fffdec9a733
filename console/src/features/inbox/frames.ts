/** Gathers what comes within a frame, so that a burst costs one rendering. In a hidden window, where there are no frames, a quarter of a second. */
export function createFrames<Item>(handle: (items: Item[]) => void) {
  let items: Item[] = []
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const cancel = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    timer = undefined
  }
  const flush = () => {
    cancel()
    const now = items
    items = []
    if (now.length > 0) handle(now)
  }
  return {
    add(item: Item) {
      items.push(item)
      if (timer !== undefined) return
      frame = requestAnimationFrame(flush)
      timer = setTimeout(flush, 250)
    },
    flush,
    cancel() {
      cancel()
      items = []
    },
  }
}
