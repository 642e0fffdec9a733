export function PoliciesSection() {
  return null
}
