// The demo mailbox: what three upset customers wrote to Dana Reyes of Northwind Outdoor, and what she answered so far.
'use strict';

const ME = { name: 'Dana Reyes', email: 'dana@northwind-outdoor.example' };

const THREADS = [
  {
    id: 'thread-f:1790000000000000001',
    legacy: '18d0a11ce0000001',
    subject: 'WHERE IS MY REFUND??? Order 48213',
    messages: [
      {
        from: { name: 'Gary Stone', email: 'gary.stone@example.com' },
        date: 'Mon, Nov 16, 2026, 8:02 AM',
        body: [
          'Hello,',
          '',
          'you charged me twice for order 48213, $129.90 on the 2nd and again on the 3rd of November. Please send the second payment back.',
          '',
          'Gary Stone',
        ],
      },
      {
        from: { name: 'Gary Stone', email: 'gary.stone@example.com' },
        date: 'Mon, Nov 23, 2026, 7:41 AM',
        body: [
          'I HAVE BEEN WAITING FOR THREE WEEKS NOW AND NOBODY ANSWERS ME!!!',
          '',
          'This is the worst service I have ever had. You took my money twice for order 48213 and then you ignored two emails. I have two kids and that money was meant for their school trip.',
          '',
          'When will I get my $129.90 back? And what is the phone number of a real person I can talk to?',
          '',
          'If I don’t hear from you today, I am calling my bank and you can explain it to them.',
          '',
          'Gary Stone',
          '+1 555 0142',
        ],
      },
    ],
  },
  {
    id: 'thread-f:1790000000000000002',
    legacy: '18d0a11ce0000002',
    subject: 'Tent pole broke on the first night',
    messages: [
      {
        from: { name: 'Mei Tanaka', email: 'mei.tanaka@example.com' },
        date: 'Thu, Nov 19, 2026, 6:15 PM',
        body: [
          'Hi,',
          '',
          'the pole of my new Ridgeline 2 snapped on the very first night, in the rain, with my daughter inside. We ended up sleeping in the car.',
          '',
          'I am really disappointed. I trusted your reviews. What are you going to do about it?',
          '',
          'Mei Tanaka',
        ],
      },
      {
        from: ME,
        date: 'Fri, Nov 20, 2026, 9:30 AM',
        body: [
          'Hello Mei,',
          '',
          'per our policy we need the receipt and a photo of the damage before we can look into this.',
          '',
          'Dana Reyes',
        ],
      },
      {
        from: { name: 'Mei Tanaka', email: 'mei.tanaka@example.com' },
        date: 'Sun, Nov 22, 2026, 9:08 PM',
        body: [
          'Are you serious? I sent the receipt AND two photos with my order form, as your own page asks. Did anybody even read my message?',
          '',
          'My daughter was scared out of her wits and all I get is "per our policy". Can you tell me by Wednesday whether you will replace the tent, or do I have to go through the card company?',
          '',
          'Mei',
        ],
        quote: {
          attribution: 'On Fri, Nov 20, 2026 at 9:30 AM Dana Reyes <dana@northwind-outdoor.example> wrote:',
          body: [
            'Hello Mei,',
            '',
            'per our policy we need the receipt and a photo of the damage before we can look into this.',
            '',
            'Dana Reyes',
          ],
        },
      },
    ],
  },
  {
    id: 'thread-f:1790000000000000003',
    legacy: '18d0a11ce0000003',
    subject: 'Cancelled in September, still being charged',
    messages: [
      {
        from: { name: 'Luis Ortega', email: 'luis.ortega@example.com' },
        date: 'Sat, Nov 21, 2026, 11:54 AM',
        body: [
          'To whom it may concern,',
          '',
          'I cancelled my trail club membership on 14 September. You have charged me in October and again in November. Your chat bot sends me in circles and your phone line hangs up on me after twenty minutes of music.',
          '',
          'This borders on fraud. Which day will the two payments be back on my card, and who confirms in writing that the membership is really over?',
          '',
          'I have told everybody in my climbing group to stay away from you.',
          '',
          'Luis Ortega',
        ],
      },
    ],
  },
];
