export function BusinessSection() {
  return null
}
