export function AlertsSection() {
  return null
}
