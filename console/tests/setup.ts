import { refuseUnexpectedConsole, watchConsole } from '@quimbi/testing/strict-console.ts'
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

watchConsole()
afterEach(() => {
  cleanup()
  localStorage.clear()
  refuseUnexpectedConsole()
})

// What jsdom lacks and the primitives ask for.
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
Element.prototype.scrollIntoView ??= () => {}
Element.prototype.hasPointerCapture ??= () => false
globalThis.matchMedia ??= (query: string) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList
globalThis.scrollTo = () => {}
