import type { FeatureName } from '../features/catalogue.ts'
import type { BehaviorAxis } from './model.ts'

export type SegmentName = {
  name: string
  /** Its part in an archetype's name; no two on any axis are the same. */
  adjective: string
  /** What such customers do, without a subject: "Buys …". */
  words: string
  /** Where such a center lies on the axis' yardstick, feature by feature; null where that feature says nothing of it. */
  at: readonly (number | null)[]
  /** Only a center between these is called so, and it is before any other name. */
  only?: { feature: FeatureName; from?: number; to?: number }
}

type Row = readonly [name: string, adjective: string, words: string, at: SegmentName['at'], only?: SegmentName['only']]

const rows: Record<BehaviorAxis, readonly Row[]> = {
  // Nouns here: they are the last word of an archetype's name.
  PURCHASE_FREQUENCY: [
    ['power_buyer', 'power buyers', 'Buys most often of all', [2.2, null]],
    ['frequent', 'frequent buyers', 'Buys often', [1.6, null]],
    ['regular', 'regular buyers', 'Buys more often than most', [1, null]],
    ['occasional', 'occasional buyers', 'Buys now and then', [0.4, null]],
    ['infrequent', 'infrequent buyers', 'Buys seldom', [-0.2, null]],
    ['rare', 'rare buyers', 'Hardly ever buys', [-0.9, null]],
    ['one_time', 'one-time buyers', 'Has bought once', [-1.2, null], { feature: 'purchaseDays', to: 1.2 }],
  ],
  PURCHASE_VALUE: [
    ['whale', 'top-spending', 'Spends many times as much as most', [2.8, null]],
    ['premium', 'premium', 'Spends two or three times as much as most', [1.4, null]],
    ['upper_tier', 'upper-tier', 'Spends more than most', [0.7, null]],
    ['mid_tier', 'mid-tier', 'Spends about as much as most', [0, null]],
    ['lower_tier', 'lower-tier', 'Spends less than most', [-0.8, null]],
    ['budget', 'budget', 'Spends half as much as most, or less', [-1.5, null]],
  ],
  PRICE_SENSITIVITY: [
    ['deal_hunter', 'deal-hunting', 'Buys almost only at a discount', [1.5, 2, null]],
    ['discount_led', 'discount-led', 'Buys mostly at a discount', [0.7, 1, null]],
    ['strategic', 'strategic', 'Waits for a discount now and then', [-0.2, 0, null]],
    ['premium_price', 'premium-price', 'Buys dear things at full price', [-1, -1.1, 1]],
    ['full_price', 'full-price', 'Buys at full price', [-0.9, -1, 0]],
    ['low_price', 'low-price', 'Buys cheap things, hardly at a discount', [-1, -1.1, -1]],
  ],
  PURCHASE_CADENCE: [
    ['rapid', 'rapid', 'Comes back sooner than nearly all', [-2, -2]],
    ['brisk', 'brisk', 'Comes back sooner than most', [-0.9, -0.9]],
    ['even_paced', 'even-paced', 'Comes back about as soon as most', [0, 0]],
    ['bursty', 'bursty', 'Buys several times in a row, then pauses', [-0.4, 1.2]],
    ['unhurried', 'unhurried', 'Comes back later than most', [0.7, 0.7]],
    ['slow', 'slow', 'Comes back much later than most', [1.4, 1.4]],
    ['long_cycle', 'long-cycle', 'Comes back later than nearly all', [2.3, 2.3]],
  ],
  CATEGORY_EXPLORATION: [
    ['omnivore', 'wide-ranging', 'Buys of nearly everything', [2.5, 2.5, 1.3]],
    ['explorer', 'exploring', 'Buys across many categories and products', [1.5, 1.5, 1]],
    ['varied', 'varied', 'Buys more kinds of things than most', [0.7, 0.7, 0.7]],
    ['balanced', 'balanced', 'Buys as many kinds of things as most', [0, 0, 0]],
    ['focused', 'focused', 'Buys few kinds of things', [-0.8, -0.8, -0.8]],
    ['specialist', 'specialist', 'Buys one kind of thing', [-1.5, -1.5, -1.6]],
  ],
  REPURCHASE_LOYALTY: [
    ['devoted', 'devoted', 'Has bought in more months than nearly all', [2.8, null]],
    ['loyal', 'loyal', 'Has bought in many months', [1.8, null]],
    ['familiar', 'familiar', 'Has bought in more months than most', [1, null]],
    ['returning', 'returning', 'Has come back in about as many months as most', [0.2, null]],
    ['tentative', 'tentative', 'Has come back in fewer months than most', [-0.6, null]],
    ['unattached', 'unattached', 'Has hardly come back in another month', [-1.5, null]],
    [
      'replenisher',
      'replenishing',
      'Buys the same products again',
      [null, 2],
      { feature: 'repeatProductShare', from: 0.4 },
    ],
  ],
  RETURN_BEHAVIOR: [
    ['keeper', 'keeping', 'Keeps what was bought', [-0.65, -0.65]],
    ['rare_returner', 'rarely-returning', 'Sends little back', [0, -0.4]],
    ['occasional_returner', 'some-returning', 'Sends something back now and then', [1, 0]],
    ['frequent_returner', 'often-returning', 'Sends back often', [2, 1]],
    ['serial_returner', 'much-returning', 'Sends back most of all', [3.5, 3]],
    ['full_refunder', 'fully-refunded', 'Sends back seldom, and then nearly everything', [1, 3.5]],
  ],
  CUSTOMER_MATURITY: [
    ['newcomer', 'new', 'Has only just begun', [-2.4], { feature: 'tenureDays', to: 60 }],
    ['settling', 'young', 'Began much later than most', [-1.3]],
    ['recent', 'recent', 'Began later than most', [-0.6]],
    ['established', 'established', 'Has been here for about as long as most', [0]],
    ['seasoned', 'seasoned', 'Has been here for longer than most', [0.6]],
    ['long_standing', 'long-standing', 'Has been here for much longer than most', [1.3]],
    ['veteran', 'veteran', 'Has been here for longer than nearly all', [2.4]],
  ],
  LOYALTY_TRAJECTORY: [
    ['rising', 'rising', 'Buys again, or far more than three months before', [1.8, 1.8, -0.5]],
    ['growing', 'growing', 'Buys more than three months before', [0.8, 0.8, -0.5]],
    ['steady', 'steady', 'Buys as much as three months before', [0, 0, -0.3]],
    ['cooling', 'cooling', 'Buys less than three months before', [-1.4, -1.4, 0.3]],
    ['declining', 'declining', 'Has stopped after buying three months before', [-1.9, -1.9, 1.7]],
    ['dormant', 'dormant', 'Has been silent for longer than usual', [0, 0, 1.9]],
    ['gone_quiet', 'long-silent', 'Has been silent for many times as long as usual', [0, 0, 4]],
  ],
  SEASONALITY: [
    ['year_round', 'year-round', 'Buys all year', [0, 0, 0, 0, -0.4]],
    ['weekend_shopper', 'weekend', 'Buys at weekends', [0, 0, 0, 0, 1.8]],
    ['new_year_shopper', 'new-year', 'Buys from January to March', [2, null, null, null, null]],
    ['second_quarter_shopper', 'April-to-June', 'Buys from April to June', [null, 2, null, null, null]],
    ['third_quarter_shopper', 'July-to-September', 'Buys from July to September', [null, null, 2, null, null]],
    ['holiday_shopper', 'holiday', 'Buys from October to December', [null, null, null, 2, null]],
  ],
  CHANNEL_PREFERENCE: [
    ['email_first', 'email-first', 'Writes emails', [2.2, -0.9, -0.9]],
    ['messaging_first', 'messaging-first', 'Writes by chat or SMS', [-0.9, 2.2, -0.9]],
    ['phone_first', 'phone-first', 'Calls', [-0.9, -0.9, 2.2]],
    ['form_first', 'form-first', 'Uses the contact form', [-0.9, -0.9, -0.9]],
    ['email_or_messaging', 'writing', 'Writes by email as well as chat or SMS', [0.7, 0.7, -0.9]],
    ['email_or_phone', 'email-or-phone', 'Writes emails and calls', [0.7, -0.9, 0.7]],
    ['any_channel', 'any-channel', 'Uses every channel', [0.2, 0.2, 0.2]],
  ],
  ENGAGEMENT: [
    ['enthusiast', 'enthusiastic', 'Opens, clicks and visits most of all', [2, 1.5, 2]],
    ['engaged', 'engaged', 'Opens, clicks and visits often', [0.8, 0.3, 0.8]],
    ['reader', 'reading', 'Opens emails but seldom visits', [1, null, -1.2]],
    ['browser', 'browsing', 'Visits but seldom opens emails', [-1.2, null, 1]],
    ['casual', 'casual', 'Opens or visits now and then', [-0.3, -0.7, -0.3]],
    ['silent', 'silent', 'Neither opens emails nor visits', [-1.5, -1, -1.5]],
  ],
  SUPPORT_DEMAND: [
    ['self_reliant', 'self-reliant', 'Needs no support', [-1, -1]],
    ['low_touch', 'low-touch', 'Needed support once, a while ago', [0, -1]],
    ['recently_helped', 'recently-helped', 'Needed support lately', [0, 0]],
    ['medium_touch', 'medium-touch', 'Needs support now and then', [1, -0.6]],
    ['high_touch', 'high-touch', 'Needs support often', [1.6, 0.7]],
    ['support_heavy', 'support-heavy', 'Needs support most of all', [2.6, 1.8]],
  ],
  SENTIMENT_TREND: [
    ['delighted', 'delighted', 'Is delighted', [1.8, null]],
    ['content', 'content', 'Is content', [0.8, 0]],
    ['even', 'even-tempered', 'Is neither pleased nor displeased', [0, 0]],
    ['improving', 'warming', 'Sounds happier than before', [0, 1.3]],
    ['souring', 'souring', 'Sounds unhappier than before', [0, -1.3]],
    ['frustrated', 'frustrated', 'Is frustrated', [-1.6, null]],
  ],
}

/** The segment of those of whom an axis has too little data. */
export const unknownName = 'not_enough_data'

/** All names that segments of each axis may have: more than six segments are never found. */
export const segmentNames = Object.fromEntries(
  Object.entries(rows).map(([axis, names]) => [
    axis,
    names.map(([name, adjective, words, at, only]) => ({ name, adjective, words, at, ...(only && { only }) })),
  ]),
) as unknown as Record<BehaviorAxis, readonly SegmentName[]>

/** What is known of a segment by its name; undefined for `unknownName`. */
export const segmentName = (axis: BehaviorAxis, name: string): SegmentName | undefined =>
  segmentNames[axis].find((candidate) => candidate.name === name)
