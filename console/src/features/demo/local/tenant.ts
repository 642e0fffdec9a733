/** The demo's business. */
export const tenant = () => ({
  id: 'demo-tenant',
  name: 'Quimbi Home',
  currencyCode: 'USD',
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  isDemo: true,
  settings: {
    aiDrafts: true,
    aiRecommendations: true,
    autoTriage: true,
    brand: 'Quimbi Home',
    demoMode: true,
    eventRetentionDays: 90,
    locale: 'en',
    messageRetentionDays: null,
    reopenWindowDays: 14,
    scoringFormula: { version: 'demo-1', ageCurve: 'INVERSE_HOURS', weights: {} },
    signature: 'Quimbi Home',
    undoSendSeconds: 10,
    vipFromLifetimeValue: '2000.00',
  },
})
