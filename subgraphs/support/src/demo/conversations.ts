/** What customers of the demo shop write about. `{order}` is one of their orders. */
export type Conversation = {
  subject: string
  priority: 'URGENT' | 'HIGH' | 'NORMAL' | 'LOW'
  tags: string[]
  customer: string
  agent: string
  followUp?: string
}

export const conversations: readonly [Conversation, ...Conversation[]] = [
  {
    subject: 'Where is my order {order}?',
    priority: 'NORMAL',
    tags: ['shipping'],
    customer:
      'Hi, I ordered {order} over a week ago and the tracking page has not moved since Monday. When will it arrive?',
    agent: 'Thanks for writing. The carrier scanned your parcel this morning; it should be with you within two days.',
    followUp: 'Still nothing here. Can you check again please?',
  },
  {
    subject: 'Lamp arrived broken',
    priority: 'HIGH',
    tags: ['damaged'],
    customer:
      'The glass lamp from order {order} was in pieces when I opened the box. The box itself looked fine. I would like a new one.',
    agent: 'I am sorry about that. A replacement is being packed now; you need not send the broken one back.',
  },
  {
    subject: 'Wrong size sent',
    priority: 'NORMAL',
    tags: ['wrong-item', 'exchange'],
    customer: 'I asked for a medium and got a small in {order}. Can I exchange it? The event is on Saturday.',
    agent: 'A medium leaves our warehouse today by express. Please use the enclosed label for the small one.',
  },
  {
    subject: 'Refund not received',
    priority: 'HIGH',
    tags: ['refund'],
    customer:
      'You confirmed my return of {order} two weeks ago but the money is not on my account. This is getting ridiculous.',
    agent: 'I have asked our bank for the trace. Refunds can take up to five working days after we release them.',
    followUp: 'It is now three weeks. I will dispute the charge if I do not hear from you today.',
  },
  {
    subject: 'Charged twice!',
    priority: 'URGENT',
    tags: ['payment'],
    customer: 'My card was charged twice for {order}. My rent is due tomorrow, I need this fixed NOW.',
    agent: 'One of the two is only an authorisation; I have released it and your bank will show it within hours.',
  },
  {
    subject: 'Please cancel {order}',
    priority: 'HIGH',
    tags: ['cancel'],
    customer: 'I ordered the wrong colour by mistake, please cancel {order} before it ships. I will order again.',
    agent: 'Done: {order} is cancelled and nothing will be charged.',
  },
  {
    subject: 'Delivery address is wrong',
    priority: 'URGENT',
    tags: ['shipping', 'address'],
    customer: 'I moved last month and {order} is going to my old address. Can you change it before it leaves?',
    agent: 'It had not left yet; the address is changed.',
  },
  {
    subject: 'Does the kettle work on 110 V?',
    priority: 'LOW',
    tags: ['product-question'],
    customer: 'Hello! I am thinking about the copper kettle, but I live in Canada. Will it work with our voltage?',
    agent: 'It is made for 220 to 240 V, so I would not recommend it. The enamel one works on both.',
  },
  {
    subject: 'Discount code does not work',
    priority: 'NORMAL',
    tags: ['discount'],
    customer: 'The code WELCOME10 says "not valid" at checkout. Am I too late?',
    agent: 'It had a typo on our side. It works now, and I have extended yours to the end of the month.',
  },
  {
    subject: 'How do I return this?',
    priority: 'NORMAL',
    tags: ['return'],
    customer: 'The chair from {order} does not match our table. What do I do to send it back?',
    agent: 'The return label is attached. Drop the parcel at any post office within 30 days.',
  },
  {
    subject: 'Thank you!',
    priority: 'LOW',
    tags: ['feedback'],
    customer: 'Just wanted to say that the replacement came the very next day. You are wonderful.',
    agent: 'You made our morning. Thank you!',
  },
  {
    subject: 'Cannot log in to my account',
    priority: 'NORMAL',
    tags: ['account'],
    customer: 'The reset link in your e-mail says it has expired, even though I clicked it right away.',
    agent: 'I have sent a fresh link; the old one was from an earlier request.',
  },
]
