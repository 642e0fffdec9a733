import type { BehaviorAxis } from './model.ts'

/** Holds for customers in one of these segments of the axis. */
export type Rule = { axis: BehaviorAxis; names: readonly string[]; text: string }

const rule = (axis: BehaviorAxis, names: string, text: string): Rule => ({ axis, names: names.split(' '), text })

/** What to do for a group, the most pressing first. */
export const actionRules: readonly Rule[] = [
  rule('SENTIMENT_TREND', 'frustrated souring', 'Settle what went wrong before offering anything.'),
  rule(
    'LOYALTY_TRAJECTORY',
    'declining dormant gone_quiet',
    'Win them back with what they used to buy, while they still remember.',
  ),
  rule('LOYALTY_TRAJECTORY', 'cooling', 'Ask what changed, before the next order is due.'),
  rule('LOYALTY_TRAJECTORY', 'rising growing', 'Show what goes with their recent orders: they are buying more.'),
  rule('PURCHASE_FREQUENCY', 'one_time', 'Earn the second order within their first weeks: most never place one.'),
  rule('PURCHASE_VALUE', 'whale premium', 'Give them a named contact and first choice of what is new.'),
  rule('REPURCHASE_LOYALTY', 'devoted loyal familiar', 'Thank them by name; invite them to bring a friend.'),
  rule('REPURCHASE_LOYALTY', 'replenisher', 'Remind them when they are about to run out, or offer a subscription.'),
  rule(
    'PRICE_SENSITIVITY',
    'deal_hunter discount_led',
    'Tell them of sales first; bundle rather than discount further.',
  ),
  rule('PRICE_SENSITIVITY', 'full_price premium_price', 'Leave discounts out: they buy for quality and service.'),
  rule(
    'RETURN_BEHAVIOR',
    'frequent_returner serial_returner full_refunder',
    'Help them choose: sizes, reviews, pictures, before they order.',
  ),
  rule('SUPPORT_DEMAND', 'high_touch support_heavy', 'Find the cause behind their tickets; answer once and fully.'),
  rule('PURCHASE_FREQUENCY', 'power_buyer frequent', 'Make ordering again a matter of one click.'),
  rule('PURCHASE_FREQUENCY', 'regular', 'Invite them into a loyalty programme.'),
  rule('PURCHASE_FREQUENCY', 'occasional infrequent rare', 'Stay in mind with a seldom but useful message.'),
  rule('CUSTOMER_MATURITY', 'newcomer settling', 'Welcome them: show how delivery, returns and support work.'),
  rule(
    'CUSTOMER_MATURITY',
    'veteran long_standing',
    'Honour how long they have been here: ask for their view of what is new.',
  ),
  rule('PURCHASE_VALUE', 'budget lower_tier', 'Suggest small additions, such as free delivery above an amount.'),
  rule('PURCHASE_VALUE', 'mid_tier upper_tier', 'Offer sets that are worth a little more than their usual basket.'),
  rule('CATEGORY_EXPLORATION', 'specialist focused', 'Go deep in their field rather than wide.'),
  rule('CATEGORY_EXPLORATION', 'explorer omnivore', 'Show them what is new anywhere in the shop.'),
  rule('PURCHASE_CADENCE', 'rapid brisk even_paced', 'Write shortly before their usual day.'),
  rule('PURCHASE_CADENCE', 'bursty', 'Write soon after an order: the next ones follow at once or not for long.'),
  rule(
    'SEASONALITY',
    'holiday_shopper new_year_shopper',
    'Plan their campaign for their season; save the budget in others.',
  ),
  rule('ENGAGEMENT', 'enthusiast engaged', 'Invite them to reviews, previews and referrals.'),
  rule('ENGAGEMENT', 'silent', 'Try another channel than email.'),
]

/** How to talk to one customer, what matters most first. */
export const guidanceRules: readonly Rule[] = [
  rule(
    'SENTIMENT_TREND',
    'frustrated',
    'Begin by saying what went wrong and that you are sorry; offer nothing before it is solved.',
  ),
  rule('SENTIMENT_TREND', 'souring', 'Tread carefully: recent messages sound unhappier than earlier ones.'),
  rule('SENTIMENT_TREND', 'delighted improving', 'A warm tone is welcome; thank them for their kind words.'),
  rule(
    'SUPPORT_DEMAND',
    'high_touch support_heavy',
    'They write often: give the whole answer at once and name the next step.',
  ),
  rule('SUPPORT_DEMAND', 'self_reliant', 'They seldom ask: treat a question as a sign that something is amiss.'),
  rule('CHANNEL_PREFERENCE', 'phone_first', 'Offer a call: that is how they reach out.'),
  rule('CHANNEL_PREFERENCE', 'messaging_first', 'Keep it short, as in a chat: that is how they write.'),
  rule('CHANNEL_PREFERENCE', 'email_first form_first', 'Write a complete email rather than call.'),
  rule('PURCHASE_VALUE', 'whale premium', 'Thank them for their loyalty; be generous within policy.'),
  rule('PRICE_SENSITIVITY', 'deal_hunter discount_led', 'Name the saving first.'),
  rule('PRICE_SENSITIVITY', 'full_price premium_price', 'Speak of quality and service, not of price.'),
  rule('LOYALTY_TRAJECTORY', 'declining dormant gone_quiet cooling', 'Show that they were missed, without reproach.'),
  rule('LOYALTY_TRAJECTORY', 'rising growing', 'They are buying more: mention what goes with it, once.'),
  rule('CUSTOMER_MATURITY', 'newcomer', 'Explain how things work here; assume nothing.'),
  rule(
    'CUSTOMER_MATURITY',
    'veteran long_standing',
    'Leave out the basics: they have known the shop for longer than most.',
  ),
  rule('RETURN_BEHAVIOR', 'frequent_returner serial_returner full_refunder', 'State the terms of returns plainly.'),
  rule('PURCHASE_FREQUENCY', 'power_buyer frequent', 'Come to the point: they order often and know how.'),
  rule('PURCHASE_FREQUENCY', 'one_time', 'Invite them back with one clear suggestion.'),
  rule('CATEGORY_EXPLORATION', 'specialist focused', 'Stay with the kind of thing they buy.'),
  rule('ENGAGEMENT', 'silent', 'Keep messages rare: they open few.'),
]
