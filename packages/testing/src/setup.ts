import { afterAll, afterEach } from 'vitest'
import { openHandles, refuseLeaks } from './leaks.ts'
import { refuseUnexpectedConsole, watchConsole } from './strict-console.ts'

// Runs before each test file, so its hooks run after the file's own.
const before = openHandles()
watchConsole()

afterEach(refuseUnexpectedConsole)

afterAll(async () => {
  refuseUnexpectedConsole() // printed outside of the tests: by imports and hooks
  await refuseLeaks(before)
})
