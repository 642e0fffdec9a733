/** Shows what is going on while it starts: one line a step, with the time that each took. */
export function showSteps(out: NodeJS.WriteStream): { step(title: string): void; done(): void; fail(): void } {
  let current: { title: string; since: number } | null = null
  const end = (word: string) => {
    if (!current) return
    const seconds = ((performance.now() - current.since) / 1000).toFixed(1)
    out.write(
      out.isTTY ? `\r\x1b[K  ${word} ${current.title} (${seconds} s)\n` : `  ${word} ${current.title} (${seconds} s)\n`,
    )
    current = null
  }
  return {
    step(title) {
      end('✓')
      current = { title, since: performance.now() }
      if (out.isTTY) out.write(`  … ${title}`)
    },
    done: () => end('✓'),
    fail: () => end('✗'),
  }
}
