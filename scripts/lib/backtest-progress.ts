type Screen = { isTTY?: boolean; write(text: string): unknown }

/** One line that is drawn anew on a terminal; elsewhere a line for each step. */
export function progressOn(screen: Screen): { show(what: string, share: number): void; end(): void } {
  let shown = ''
  return {
    show(what, share) {
      const line = screen.isTTY && share > 0 ? `${what} ${Math.floor(100 * share)} %` : what
      if (line === shown || (!screen.isTTY && shown === what)) return
      shown = line
      screen.write(screen.isTTY ? `\r\u001b[2K${line}` : `${line}\n`)
    },
    end() {
      if (screen.isTTY && shown) screen.write('\r\u001b[2K')
      shown = ''
    },
  }
}
