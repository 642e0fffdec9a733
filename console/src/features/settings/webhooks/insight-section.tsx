export function InsightWebhooksSection() {
  return null
}
