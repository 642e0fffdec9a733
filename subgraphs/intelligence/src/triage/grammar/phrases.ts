/**
 * What is said with an intent. In a phrase `[a|b|]` is one of these (the last may be empty) and `{name}` one of the lexicon's.
 * `actions`: what somebody wants to do, in the infinitive; put into frames ("how do I …", "can you help me …ing").
 * `things`: what somebody asks about ("question about …", "any news on …"). `says`: whole sentences.
 */
export type IntentPhrases = { actions?: readonly string[]; things?: readonly string[]; says: readonly string[] }

/** Names in phrases: one of these, which may be phrases themselves. A word that is here twice is twice as frequent. */
export const lexicon: Record<string, readonly string[]> = {
  order: list(`
    my order, my order, my order, order {number}, order {number}, the order, my purchase, purchase {number}, order number {number},
    my recent order, the order I placed [yesterday|today|last week|on {day}], my {item} order`),
  number: list('#{digits}, #{digits}, {digits}, {digits}, no. {digits}, QS-{digits}, {digits}{digits}'),
  item: list(`
    item, product, article, jacket, shoes, sneakers, dress, shirt, t-shirt, jeans, lamp, headphones, backpack, sofa, kettle, mug,
    phone case, coat, boots, sweater, hoodie, chair, blender, watch, necklace, toy, book, tent, bike helmet, mattress, keyboard,
    skin cream, perfume, coffee machine, vase, rug, socks, charger`),
  parcel: list('package, parcel, order, delivery, box, shipment, stuff, {item}, purchase, goods, article'),
  day: list('Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday'),
  span: list('two days, 3 days, a week, over a week, two weeks, 10 days, a month, ages, more than 2 weeks, 6 days'),
  color: list('black, blue, red, white, green, grey, navy, pink, beige'),
  size: list('a small, a medium, a large, an XL, size 8, size 42, size M, size 10, an extra large'),
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
