/** Calls when somebody stays with something, not when the pointer only passes over it. */
export function createDwell<Value>(call: (value: Value) => void, forMs = 80) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const leave = () => clearTimeout(timer)
  return {
    come(value: Value) {
      leave()
      timer = setTimeout(() => call(value), forMs)
    },
    leave,
  }
}
