/**
 * What people might say, by what they mean. Written before the intents' own examples and never used
 * to improve them: the evaluation measures how far the examples reach. Do not tune on this file;
 * write new sentences when they have been seen too often.
 */
export const paraphrases: Readonly<Record<string, readonly string[]>> = {
  'order-status': [
    'i bought a kettle on monday and i am wondering how far along it is',
    'any news about the stuff i ordered',
    'can you track something for me please',
    'i still have not heard anything about my purchase',
  ],
  'delivery-time': [
    'how many days until it gets here',
    'will the package make it before the weekend',
    'what day should i expect the courier',
  ],
  'cancel-order': [
    'i changed my mind and do not want that order any more',
    'please stop the order i placed this morning',
    'can you call off my purchase before it ships',
  ],
  'return-item': [
    'these shoes are not for me so i want to bring them back',
    'how would i go about sending the lamp back to you',
    'i am not happy with the jacket can you take it back',
  ],
  'refund-status': [
    'i sent it back two weeks ago where is my money',
    'you still owe me money for the thing i returned',
    'when does the refund show up on my card',
  ],
  'exchange-item': [
    'could i swap this for a bigger one',
    'i would rather have the blue one instead of the red one i got',
    'can i trade these boots for another pair',
  ],
  'change-address': [
    'i moved house last week so please ship it somewhere else',
    'i typed the wrong street when i ordered',
    'can the parcel go to my office instead',
  ],
  'damaged-item': [
    'the glass was smashed when i opened the box',
    'my table arrived with a big crack in it',
    'the parcel came completely crushed',
  ],
  'wrong-item': [
    'this is not what i ordered at all',
    'i got somebody else his stuff',
    'you guys shipped me a toaster and i wanted a kettle',
  ],
  'missing-item': [
    'there were only two of the three things in the box',
    'you forgot to pack the charger',
    'part of my order never showed up',
  ],
  invoice: [
    'my accountant needs a bill for what i bought',
    'i lost the receipt can i have another copy',
    'could you email me the paperwork for my taxes',
  ],
  'payment-methods': [
    'do you guys take american express',
    'is it possible to pay in installments',
    'which cards work on your site',
  ],
  'payment-declined': [
    'the checkout keeps rejecting my visa',
    'my bank card did not go through',
    'it says the payment failed every time i try',
  ],
  'promo-code': [
    'the discount from your newsletter will not apply',
    'i have got a coupon but it does nothing',
    'is there any voucher i could use',
  ],
  'gift-card': [
    'my aunt gave me a gift certificate how do i spend it',
    'how much is left on my gift card',
    'i would like to buy a gift voucher for a friend',
  ],
  warranty: [
    'it broke after ten months am i still covered',
    'how long is the guarantee on your machines',
    'does this thing come with any kind of protection if it dies',
  ],
  'password-reset': [
    'i can not remember what i use to sign in',
    'i forgot my login details',
    'can you help me get a new password',
  ],
  'account-locked': [
    'it will not let me in after too many tries',
    'my profile has been blocked',
    'i am shut out of my account',
  ],
  'change-email': [
    'i have a new mail address now',
    'please update the email you have on file',
    'you keep writing to my old inbox',
  ],
  'delete-account': [
    'get rid of my profile for good',
    'i want you to erase my account completely',
    'how do i close my account with you',
  ],
  'cancel-subscription': [
    'stop charging me every month',
    'i do not want the membership any longer',
    'please end my monthly plan',
  ],
  'change-plan': [
    'can i move up to the family package',
    'i would like a cheaper tier',
    'switch me over to the yearly plan',
  ],
  'opening-hours': [
    'until when can i come by this evening',
    'are you guys open on sunday',
    'what are your business hours',
  ],
  'store-locations': [
    'is there a branch anywhere near me',
    'where can i find one of your shops',
    'what is the address of your store downtown',
  ],
  'human-agent': [
    'let me talk to a real person',
    'i would prefer speaking with one of your staff',
    'can somebody from your team ring me back',
  ],
  'stock-check': [
    'do you have the coffee grinder on the shelf right now',
    'are the running shoes available again',
    'is the desk lamp sold out',
  ],
  'size-guide': [
    'i am usually a medium which one should i pick',
    'how do your shoes fit do they run small',
    'what are the measurements for a large',
  ],
  'international-shipping': [
    'do you send things to canada',
    'i live in france could i still order',
    'how much is shipping overseas',
  ],
  'loyalty-points': [
    'how many reward points have i collected',
    'can i pay with my bonus points',
    'what do i get out of your loyalty program',
  ],
  privacy: [
    'what do you do with my personal information',
    'is this call being recorded',
    'who can see my data',
  ],
  troubleshooting: [
    'my coffee machine is dead nothing happens when i press the button',
    'the speaker i bought will not switch on',
    'my new vacuum keeps shutting off by itself',
  ],
  complaint: [
    'this is the worst service i have ever had',
    'i am really upset about how i was treated',
    'i want to complain about your driver',
  ],
  repeat: ['sorry what was that', 'i did not catch what you said', 'one more time please'],
  thanks: ['that was really helpful cheers', 'great thank you so much', 'much appreciated'],
  help: [
    'what sort of things can you do for me',
    'i am not sure what to ask',
    'what are my options here',
  ],
  goodbye: [
    'ok that is all i needed see you',
    'i have to go now bye',
    'we are done here have a good day',
  ],
  'back-to-greeter': [
    'can i go back to the first one i spoke to',
    'please put me through to the front desk again',
    'i want to return to the greeter',
  ],
  greeting: ['good evening', 'hey there', 'hi is anybody there'],
  'how-are-you': ['how is it going', 'are you doing well today', 'how do you feel'],
  'who-are-you': [
    'am i talking to a machine',
    'what is your name',
    'are you some kind of computer',
  ],
  'support-please': [
    'i need some assistance with a problem',
    'put me through to customer service',
    'something went wrong and i need someone to fix it',
  ],
  /** Nothing that the model knows: it has to say so. */
  none: [
    'how tall is the eiffel tower',
    'the cat sat on the piano all afternoon',
    'sing me a song about penguins',
    'what is seventeen times nine',
    'who won the football match yesterday',
    'banana helicopter seven green',
  ],
};
