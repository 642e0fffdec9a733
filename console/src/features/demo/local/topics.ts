import type { TicketPriority } from '../../../graph/generated/schema.ts'

/** What customers of the demo's shop write about. `{order}` is their latest order, `{name}` their first name. */
export type Topic = {
  subject: string
  intent: string
  category: string
  priority: TicketPriority
  tags: readonly string[]
  sentiment: number
  difficulty: number
  says: string
  again: string
  answer: string
  policy: string
}

export const topics: readonly Topic[] = [
  {
    subject: 'Where is my order {order}?',
    intent: 'order_status',
    category: 'Shipping',
    priority: 'NORMAL',
    tags: ['shipping'],
    sentiment: -0.2,
    difficulty: 0.25,
    says: 'Hi, I ordered {order} over a week ago and the tracking page has not moved since Monday. When will it arrive?',
    again: 'Still nothing here. Can you check again please?',
    answer:
      'your parcel with {order} was scanned by the carrier this morning and should be with you within two days. If it is not there by then, I will send a new one at once.',
    policy: 'A parcel that is seven days late is sent again, free of charge.',
  },
  {
    subject: 'Lamp arrived broken',
    intent: 'damaged_item',
    category: 'Damage',
    priority: 'HIGH',
    tags: ['damaged', 'replacement'],
    sentiment: -0.6,
    difficulty: 0.4,
    says: 'The glass lamp from order {order} was in pieces when I opened the box. The box itself looked fine. I would like a new one.',
    again: 'I sent the photos two days ago. Is somebody looking at this?',
    answer:
      'I am sorry that the lamp of {order} did not survive the journey. A replacement leaves our warehouse today; you need not send the broken one back.',
    policy: 'Broken on arrival: a replacement at once, nothing is to be sent back.',
  },
  {
    subject: 'Refund not received',
    intent: 'refund_status',
    category: 'Payment',
    priority: 'HIGH',
    tags: ['refund'],
    sentiment: -0.7,
    difficulty: 0.5,
    says: 'You confirmed my return of {order} two weeks ago but the money is not on my account. This is getting ridiculous.',
    again: 'It is now three weeks. I will dispute the charge if I do not hear from you today.',
    answer:
      'I have checked the refund for {order}: it was released on our side and your bank should show it by Thursday at the latest. I will look again on Friday, so that you need not ask.',
    policy: 'Refunds are released within five working days of the return’s arrival.',
  },
  {
    subject: 'Charged twice!',
    intent: 'payment_issue',
    category: 'Payment',
    priority: 'URGENT',
    tags: ['payment'],
    sentiment: -0.85,
    difficulty: 0.55,
    says: 'My card was charged twice for {order}. My rent is due tomorrow, I need this fixed NOW.',
    again: 'Hello?? Both charges are still there.',
    answer:
      'I see why that is alarming. Only one of the two charges for {order} is real; the other is an authorisation that I have just released. Your bank will show it within hours.',
    policy: 'Authorisations that are not needed are released at once.',
  },
  {
    subject: 'Please cancel {order}',
    intent: 'cancel_order',
    category: 'Orders',
    priority: 'HIGH',
    tags: ['cancel'],
    sentiment: -0.1,
    difficulty: 0.2,
    says: 'I ordered the wrong colour by mistake, please cancel {order} before it ships. I will order again.',
    again: 'Has it been cancelled? I do not want to pay for two.',
    answer: '{order} is cancelled and nothing will be charged. The other colour is in stock whenever you are ready.',
    policy: 'Orders can be cancelled until they are shipped.',
  },
  {
    subject: 'Does the kettle work on 110 V?',
    intent: 'product_question',
    category: 'Products',
    priority: 'LOW',
    tags: ['question'],
    sentiment: 0.3,
    difficulty: 0.15,
    says: 'Lovely kettle! Before I take it to my sister in Boston: does it work on 110 V as well?',
    again: 'Thanks! And is there a longer cable?',
    answer:
      'the gooseneck kettle is made for 220 to 240 V only. The 110 V version is in our US shop, at the same price.',
    policy: 'Questions about products are answered from the data sheet.',
  },
  {
    subject: 'Wrong size sent',
    intent: 'exchange',
    category: 'Returns',
    priority: 'NORMAL',
    tags: ['exchange', 'wrong-item'],
    sentiment: -0.35,
    difficulty: 0.3,
    says: 'I asked for the large rug and got the small one in {order}. Can I exchange it? We have guests on Saturday.',
    again: 'Will it be here before Saturday?',
    answer:
      'I am sorry for the mix-up with {order}. The large rug leaves today by express and arrives on Friday; the label for the small one is attached.',
    policy: 'Sent wrongly by us: express exchange, free of charge.',
  },
  {
    subject: 'How do I clean the wool rug?',
    intent: 'care_question',
    category: 'Products',
    priority: 'LOW',
    tags: ['question', 'care'],
    sentiment: 0.5,
    difficulty: 0.1,
    says: 'We love the rug from {order}. A little red wine happened last night. What may we use on it?',
    again: 'That worked, thank you! Is it the same for the cushions?',
    answer:
      'blot it with cold water and a drop of wool soap, from the edge to the middle, and let it dry flat. No bleach, no hot water.',
    policy: 'Care advice follows the maker’s sheet.',
  },
]
