/** What customers write, by intent; `{order}` and `{item}` are filled. */
export const requests = {
  shipping_status: [
    'Where is {order}? I have not heard anything since I paid.',
    'Could you tell me when {order} arrives?',
    'Can you send me the tracking number of {order} please',
  ],
  shipping_delay: [
    '{order} is a week late and the tracking has not moved. What is going on?',
    'It was supposed to be here on Friday. Still nothing. {order}.',
  ],
  order_damaged: [
    'The {item} from {order} arrived broken in two. I attached a photo.',
    '{order} came with a cracked {item}. What now?',
    'Half of what was in {order} is smashed, the box was soaked.',
  ],
  order_wrong: [
    'I got the wrong thing in {order}, this is not the {item}.',
    'You sent me a blue one. I ordered {item}.',
  ],
  refund_request: [
    'I want my money back for {order}.',
    'Please refund {order}, the {item} is nothing like the picture.',
  ],
  return_request: ['How do I return the {item}? It is too small. {order}', 'I would like to send back {order}'],
  exchange: [
    'Can I swap the {item} for a bigger size? {order}',
    'I would like to exchange {order} for another colour.',
  ],
  order_cancel: ['Please cancel {order}, I ordered it by mistake.', 'cancel {order} right now'],
  shipping_address: [
    'I moved. Please send {order} to 18 Elm Street, Springfield 62704 instead.',
    'Can I still change the address of {order}?',
  ],
  discount: ['Do you have a discount code for me?', 'The code on your page does not work. Is there another one?'],
  product_question: ['Is the {item} dishwasher safe?', 'What are the measurements of the {item}?'],
  order_missing: ['{order} came but the {item} was not in the box.', 'One of three things is missing from {order}'],
} as const

export const moods = [
  '',
  '',
  'Hi, ',
  'Hello team! ',
  'THIS IS THE SECOND TIME. ',
  'I am really disappointed. ',
  'Good morning — ',
] as const

export const agentReplies = [
  'Thank you for your patience. I will come back to you by Friday.',
  'Hello, I am looking into it. I will get back to you within 2 days with an answer from the carrier.',
  'Could you send me a photo and tell me which item it is?',
] as const

export const insists = [
  'Any news?',
  'Here is the photo you asked for. I would prefer a replacement.',
  'I still have not heard back from you!',
  'It is the first one on the list. Just refund me.',
] as const
