/** One thought of a campaign: states no fact and gives no promise, for it goes to many. */
export type Idea = {
  opening: string
  reason: string
  ask: string
  /** goes with nothing else */
  isApart?: boolean
}

const idea = (opening: string, reason: string, ask: string): Idea => ({ opening, reason, ask })

/** By what a campaign is for. Opening and question together fit a text message with its greeting. */
export const ideas = {
  RETAIN: [
    idea('Thank you for choosing us.', 'It is people like you that we do this for.', 'What should we do more of?'),
    idea(
      'How are you getting on with what you bought?',
      'We would like it to serve you well.',
      'Any question? We are here.',
    ),
    idea('We are planning what comes next.', 'Your wishes count most in it.', 'What would you like to see?'),
    idea(
      'There is a person behind every reply you get from us.',
      'If something bothers you, we want to know.',
      'Is anything on your mind?',
    ),
    idea(
      'A little care makes good things last.',
      'We gladly share what we know about looking after them.',
      'Would you like some tips?',
    ),
  ],
  WIN_BACK: [
    idea('It has been a while, and we miss you.', 'We would love to have you back.', 'May we show you what is new?'),
    {
      ...idea(
        'Did we do something wrong?',
        'If so, we would like to hear it and do better.',
        'Tell us what we could improve.',
      ),
      isApart: true,
    },
    idea(
      'Your taste may have changed, and so have we.',
      'There may be something for you again.',
      'What are you looking for now?',
    ),
    idea('Not sure what to pick?', 'We help you choose, without any obligation.', 'What is it for?'),
    idea(
      'We were thinking of what you used to like.',
      'Some of it may be worth a second look.',
      'Shall we send you a selection?',
    ),
  ],
  UPSELL: [
    idea(
      'Some things are better together.',
      'We know what goes well with what you have.',
      'Shall we suggest something?',
    ),
    idea('Ready for the next step?', 'There may be a version that does more for you.', 'Would you like to compare?'),
    idea('We picked a few things with you in mind.', 'They go with what people like you enjoy.', 'May we show you?'),
    idea('Looking for a present?', 'Tell us about the person, and we find something fitting.', 'Who is it for?'),
    idea(
      'What is still missing at home?',
      'A second look often finds the one thing that makes it complete.',
      'Shall we help?',
    ),
  ],
  COMPENSATE: [
    idea(
      'Something went wrong, and we are sorry.',
      'You should not have had this trouble.',
      'What would put it right for you?',
    ),
    idea('We owe you an apology.', 'We are looking into how it could happen.', 'May we call you about it?'),
    idea('Thank you for your patience with us.', 'It was more than we could ask.', 'Is anything still open?'),
    idea(
      'We did not live up to what you expect.',
      'We want to learn from it.',
      'Would you tell us how it was for you?',
    ),
    idea('Your trust matters to us.', 'We know that it has to be earned again.', 'How can we make a start?'),
  ],
} as const satisfies Record<string, readonly Idea[]>
