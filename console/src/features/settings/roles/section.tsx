export function RolesSection() {
  return null
}
