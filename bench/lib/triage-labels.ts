/** Bitext's 27 intents in the shipped taxonomy. What it does not hold (a person wanted, an order to be placed) is `other`. */
const shopIntents: Record<string, string> = {
  cancel_order: 'order_cancel',
  check_cancellation_fee: 'order_cancel',
  change_order: 'order_change',
  change_shipping_address: 'shipping_address',
  set_up_shipping_address: 'shipping_address',
  check_invoice: 'payment',
  get_invoice: 'payment',
  check_payment_methods: 'payment',
  payment_issue: 'payment',
  check_refund_policy: 'refund_request',
  get_refund: 'refund_request',
  track_refund: 'refund_status',
  complaint: 'feedback',
  review: 'feedback',
  contact_customer_service: 'other',
  contact_human_agent: 'other',
  place_order: 'other',
  create_account: 'account',
  delete_account: 'account',
  edit_account: 'account',
  recover_password: 'account',
  registration_problems: 'account',
  switch_account: 'account',
  newsletter_subscription: 'account',
  delivery_options: 'shipping_policy',
  delivery_period: 'shipping_status',
  track_order: 'shipping_status',
}

export function shopIntentOf(label: string): string {
  const intent = shopIntents[label]
  if (!intent) throw new Error(`Bitext has a new intent, "${label}".`)
  return intent
}

/** What a bank is asked and no shop: without refunds, cards that are delivered, payments and accounts, which a shop may well be asked about too. */
export const isOutOfScope = (label: string): boolean =>
  !/refund|card_arrival|delivery|order_physical|terminate|edit_personal|passcode|pin|payment|charged_twice|extra_charge|lost_or_stolen_phone|verif|visa|getting_spare|age_limit|country_support|google_pay/i.test(
    label,
  )
