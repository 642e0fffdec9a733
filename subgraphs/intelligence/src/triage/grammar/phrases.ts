import { goods } from './goods.ts'
import type { Intent } from './taxonomy.ts'

/**
 * What is said with an intent. In a phrase `[a|b|]` is one of these (the last may be empty) and `{name}` one of the lexicon's.
 * `actions`: what somebody wants to do, in the infinitive; put into frames ("how do I …", "can you help me …ing").
 * `things`: what somebody asks about ("question about …", "any news on …"). `says`: whole sentences.
 */
export type IntentPhrases = { actions?: readonly string[]; things?: readonly string[]; says: readonly string[] }

/** More of what is said with some intents. */
export type EverydayPhrases = Partial<Record<Intent, Partial<IntentPhrases>>>

/** Names in phrases: one of these, which may be phrases themselves. A word that is here twice is twice as frequent. */
export const lexicon: Record<string, readonly string[]> = {
  order: list(`
    my order, my order, my order, order {number}, order {number}, the order, my purchase, purchase {number}, order number {number},
    my recent order, the order I placed [yesterday|today|last week|on {day}], my {item} order`),
  number: list('#{digits}, #{digits}, {digits}, {digits}, no. {digits}, QS-{digits}, {digits}{digits}'),
  item: list(`
    item, product, article, jacket, shoes, sneakers, dress, shirt, t-shirt, jeans, lamp, headphones, backpack, sofa, kettle, mug,
    phone case, coat, boots, sweater, hoodie, chair, blender, watch, necklace, toy, book, tent, bike helmet, mattress, keyboard,
    skin cream, perfume, coffee machine, vase, rug, socks, charger, {goods}, {goods}, {goods}, {goods}, {goods}, {goods}, {goods}, {goods}, {goods}`),
  goods,
  thing: [...goods, 'thing', 'stuff', 'item', 'order', 'parcel', 'package', 'purchase', 'things'],
  part: list(`
    leg, corner, handle, hinge, zip, button, strap, screen, lid, spout, cord, plug, switch, wheel, drawer, door, knob, lens, cable, seam, sole,
    heel, sleeve, collar, clasp, battery, frame, hook, pump, motor, blade, pocket, lining, spring, shelf, arm, base, edge, bottom, cover, tip, stem,
    display, speaker, hose, rim, chain, stand, back, front, foot, nozzle, bracket, belt, top, remote`),
  broke: list(`
    snapped, snapped off, broke, broke off, cracked, split, came off, came loose, fell off, tore, ripped, bent, shattered, burst, came apart, chipped,
    stopped working, gave out, popped off, melted, jammed`),
  broken: list(`
    broken, cracked, split, smashed, shattered, chipped, bent, torn, ripped, crushed, in pieces, dented, scratched, snapped, damaged, in two, warped,
    loose, wobbly, ruined, dead, leaking, stained, crooked, jammed, not working, faulty`),
  soon: list(
    'by {day}, by saturday, on {day}, this week, before the weekend, by tomorrow, by friday, today, tomorrow, next week, by christmas',
  ),
  leave: list('leave, fly, go away, travel, move, go on holiday, leave town'),
  event: list(
    'the party, the weekend, my birthday, the wedding, christmas, our anniversary, the holidays, my moms birthday',
  ),
  code: list(
    'SUMMER15, WELCOME10, SAVE20, XMAS, SPRING, {digits}, FRIEND5, VIP20, 10OFF, HELLO15, discount, voucher, promo',
  ),
  device: list(`
    my phone, an iPhone, a Bosch drill, a Samsung, my old {item}, a 2015 model, a queen size bed, my car, a standard frame, a laptop, a small kitchen,
    a european socket, an older model, a Canon, my bike, a double bed`),
  parcel: list('package, parcel, order, delivery, box, shipment, stuff, {item}, purchase, goods, article'),
  day: list('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday'),
  span: list('two days, 3 days, a week, over a week, two weeks, 10 days, a month, ages, more than 2 weeks, 6 days'),
  color: list(
    'black, blue, red, white, green, grey, navy, pink, beige, burgundy, yellow, brown, purple, orange, silver, gold, turquoise, cream',
  ),
  size: list(
    'a small, a medium, a large, an XL, size 8, size 42, size M, size 10, an extra large, a 14, a 12, medium, small, large, XS, a 38, size 6, the medium, the large',
  ),
  money: list('${amount}, £{amount}, €{amount}, {amount} dollars, {amount} euros, {amount} USD, {amount} pounds'),
  person: list('my sister, my mum, my dad, my wife, my husband, a friend, my son, my daughter, my boss'),
  place: list(
    'Canada, Germany, Australia, Ireland, Spain, Manchester, Chicago, Texas, France, Japan, Mexico, Leeds, Norway, Boston',
  ),
  street: list('Main Street, Oak Avenue, High Street, Elm Road, Mill Lane, 5th Avenue'),
  refund: list('refund, refund, refund, money back, reimbursement, compensation, rebate, restitution'),
  courier: list('UPS, FedEx, DHL, USPS, the courier, the carrier, the driver, the postman, Royal Mail'),
  invoice: list('invoice, receipt, bill, VAT invoice, invoice {number}, invoices, bills'),
  account: list(`
    account, account, profile, user account, online account, login, customer account, gold account, premium account, free account,
    membership`),
  mild: list('a bit, really, very, quite, so, extremely, pretty'),
  good: list('great, excellent, fantastic, wonderful, lovely, brilliant, amazing, awesome, superb, perfect'),
  bad: list(
    'terrible, awful, horrible, disappointing, poor, unacceptable, appalling, ridiculous, a joke, disgraceful, shocking',
  ),
}

function list(text: string): string[] {
  return text.trim().split(/\s*,\s*/)
}
