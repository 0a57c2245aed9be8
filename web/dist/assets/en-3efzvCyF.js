var e=`Address
To the trail of {incident}
balance after {sum}
Bank
The trail itself still works.
What is loaded stays.
Company
Contact
Device
Holder
In
IP address
What is known of the account
On the lists
The stolen money here
The bank has sent no transfers of this account.
By this method none of the stolen money came here.
Opened
Out
Outlet
of it stolen {sum}
Reading this account is recorded in the ledger; incident {incident} is the purpose.
no. {n} of the bank
Open the listing
{n} transfers
{n} transfer
Approve
Approve now
Approved: {state}. The next one is a key away: j.
{value} will be on the list at once, with the action “{action}”, everywhere Yumen is asked.
It lapses by itself on
Lift
The indicator has changed hands.
Lift now
A court or a higher authority ordered it.
Lifted: {state}. Everybody who enforced it is told.
{value} will be free again at once, everywhere. It can be proposed again, by the usual way.
It was listed by mistake.
The source withdrew its report.
Why is it lifted?
Refuse
The legal basis does not fit.
Refuse now
Refused: {state}. The proposer sees your reason.
The same indicator is already listed.
The proposal to put {value} on the list ends here; nothing was ever blocked by it.
The evidence is not enough.
Why is it refused?
The indicator is wrong.
Reasons often given
Give the reason; it is kept with the listing.
Protect
Block
Warn
the centre itself
the public
Assign
Check back
Hand over
Do not warn again
Say what became of it
Enter an attempt
Give back
Accept
Ask where they are
Attempts to reach them
Checked back
Was it so
Somebody is there by
This officer is told, and has to accept.
You looked at the outcome again, and say whether it was so.
Another officer takes it from here; the clock goes on.
They are not warned again of low tiers, for a while. High and urgent ones are never held back.
Closes the alert. An address that was asked for is erased.
Counts as an attempt; who refused is reached by the next step.
It goes back to who assigns; say why.
You go on with it. Nobody else can accept it.
The carrier is asked for this one alert. The address is erased with the outcome, and reading it is recorded.
Highest so far
Note
Officer's name
Paid all the same (yuan)
Saved (yuan)
Reason
How
Counts against
They reported a loss after the warning.
Name the officer.
Say why.
{n} alerts
{n} alert
Next step
Nobody has tried yet.
Nobody to warn just now
Alerts rise and fall with what carriers, resolvers and banks report, and fade by themselves.
not accepted yet
Officer
What became of it
paid
Who it is, and why
Choose an alert
j and k move, Enter opens.
Probability
Read the number and the reasons
With what result
saved
Possible scam
Nobody is sent
Held back
confirmed
-
refuted
unreachable
assigned
closed
open
reached
All
high
low
medium
urgent
Transfers in the same second, and the bank says no order: another order would give other amounts.
About
File another appeal
Answer
How to reach you
Phone or e-mail. Used only to answer this appeal.
Decided
Answer due
We have your appeal.
Filed
Your appeal
Have you already filed one? Enter its reference
Write both down. The reference shows how far it has got. The key is shown this once: with it you read the answer here, and can withdraw. No account is needed.
Write it down: with this reference you see how far it has got. Its key was said once already; where you no longer have it, you can file the appeal again.
With the key that was shown when it was filed you see what it is about and the answer, and can withdraw it.
Open
If your number, site or account was listed by mistake, say so here. Somebody who had no part in the decision answers within a fixed time. If you are right, it is lifted everywhere at once.
Look it up
Your name
Waiting for somebody to take it up. The clock is already running.
You were right: the listing is lifted, and everybody who enforced it has been told.
The listing stands. The answer says why. With new facts you can appeal again.
Somebody who had no part in the decision is looking at it.
You withdrew this appeal.
Name and contact are optional. They are kept apart, every reading of them is recorded, and they are erased when the term is over. What you type stays on this device until you send it.
Reference
Waiting for somebody to take it up. Nothing is paid meanwhile.
You were right: this round is void and is computed again.
The round stands as it was published. The answer says why.
Somebody who had no part in it is looking at it. Nothing is paid meanwhile.
You withdrew this objection.
Why is it wrong?
Say what the number, site or account is really used for, and since when. Plain words are enough.
Say why the listing is wrong.
Send the appeal
What is blocked?
The number, site, link or account.
Enter the number, site or account that is blocked.
Withdraw this appeal
Really withdraw it? The listing stays as it is.
Yes, withdraw
Filed
Granted
Rejected
Under review
Withdrawn
Answer to the appellant
The appellant reads this. Say what you looked at and why you decided so.
Write the answer that the appellant will read.
Decide and answer
{n} appeals
{n} appeal
Decision
Choose: grant or reject.
The listing is lifted everywhere at once.
The listing stands until it lapses. The appellant reads your answer.
The order is lifted at the provider at once.
The order stands until its term is over. The appellant reads your answer.
The round is void and is computed again; the money stays frozen.
The round stands as it was published. Whoever objected reads your answer.
No appeal is waiting.
Whoever is blocked can appeal on the public page; the appeal appears here with its clock.
Grant: lift the listing
Grant: lift the order
Grant: the round is void
Late
The listing it is about
You had a part in this listing, or your role may not decide appeals. Somebody else decides it.
Objection to a refund
Open
The order it is about
Choose an appeal. The one due first is on top.
For what purpose do you read name and contact?
Your name, this purpose and the time become a record that auditors see.
Say for what purpose you read this.
Show and record
Reject: the listing stands
Reject: the order stands
Reject: the round stands
Reviewer
The refund round it is about
Show name and contact
Take it up
nobody yet
Demonstration: real lists, invented people; nothing here reaches a bank or a carrier.
Drill. A simulated province; nothing here is real.
What kind of centre this is
Approve the whole batch
Approve all now
{approved} approved, {refused} refused.
{n} listings will be in force at once.
{n} listing will be in force at once.
Confirmed
Dismissed
Found
Lapsed
Confirm the device
It is no device
Its calls
{starts} calls began. By chance {refused} of them would have found every channel busy; none did.
Cards
Cell
Likely number of channels
Card
By chance
Evidence (nats)
First turn
Handed over
Last turn
Turns
{n} devices
{n} device
What was found on the spot
The outcome is recorded under your name. Nothing is done to its numbers by this: each is decided by itself.
The outcome is recorded under your name, and the device is not shown as found any more.
First call
Newest call
The centre does not know where this cell stands.
No turns are kept of its cards.
No devices here.
They are found in carriers' call records: many cards in one cell that take turns and never talk at once.
Honest: a call centre, a depot, a dormitory
Nothing was found there
The device was seen on the spot
The device was found and seized
Choose a device on the left
Its cell and its cards are read for a purpose, and the reading is recorded.
Position
Which card called when?
Show where it is and its cards
{channels} channels, {cards} cards
As a table
Cell and cards
Where it is and when which card called: shown for a purpose, which is recorded. Never whom a card called.
Where to look
What did the people in the field find?
Yumen
Try again
You can always call 110 or 96110.
The page made a mistake. Reload it; what you typed is kept.
What you typed is kept on this device.
The server cannot be reached.
Request
The server answered with error {status}.
The server did not answer within 30 seconds.
Announced
Blocked
Passed
Not screened
Not answered
More calls of this number than one may make
Nothing speaks against the call
More calls of the trunk than it may have screened
The number that diverted the call is listed
A domestic number, shown by a call from abroad
To a number that is never screened
The network's signature was forged on this trunk
A number of a length that none has
The number that calls is listed
The call came round in a circle
The request was malformed
No number is shown
A protected number, shown by a call from abroad
A domestic short code with a country code, or from abroad
A number of a range that is nobody's
Nobody could say at that moment
Asks for what the gate does not do
Calls in all
By day
By trunk and reason
Calls
Carrier
This centre screens no calls yet.
It begins once sip.listen and sip.trunks are set in yumen.yaml; docs/carriers says how a switch asks.
Day
{day}: {blocked} blocked, {announced} announced, {passed} passed
{n} days
{n} day
No call was screened in these days.
Calls appear here a minute after a carrier's switch asked about them.
Accepted
Sent twice
Of them too late
Of listed numbers
Refused
Last heard from
Newest call
No call records have come yet.
of no carrier
what passed is in the table
Calls of {carrier}
What became of it
The centre itself
How many calls were blocked or announced each day?
Reason
Call records
Counts since the first batch. A feed whose times stand still has stopped.
Days shown
Calls that carriers had screened before they rang. Counts only: no number is kept here. A call that a switch asks for twice counts twice.
Calls screened
Trunk
Counted until
ATM
counter
mobile
card terminal
web
This is wrong: appeal
Free, without an account, answered within a fixed time.
Check
What you enter is only compared with the lists; it is not kept.
Number, site, link or account
Number, site, link, account …
Propose it for the list
Is it known for fraud?
It was so
Waits for somebody else
It was not so
found at the bank
the bank knows it otherwise
as you told it
withdrawn
: 
, 
below a protected name
a person has lifted it before
somebody says the opposite
the centre's own name
a protected name
Nothing in conflict is enforced meanwhile.
{n} selected
At most 500 at once.
Select none
{n} conflicts
{n} conflict
Decided by
Dismiss
Checked: lawful business.
Dismiss now
The list is wrong here: these stay free, and the same list does not ask again ({n}).
It was lifted for good reason.
An official or well-known site.
Why is the list wrong?
Dismiss {n}
{n} decided.
{n} decided, {m} not:
No conflict is open.
When a list names a protected site, or one that a person has lifted, it waits here instead of being blocked.
Found
List anyway
Fraud has been reported again.
Propose now
Each becomes your own proposal; another person approves it ({n}).
The site has been broken into.
Verified: used for fraud.
What shows that the list is right?
List {n} anyway
An analyst decides this.
No conflict fits these filters.
The centre's own name cannot be listed.
Choose a conflict
Proposed as
Rule
All rules
Select {value}
Select the loaded {n}
Against it speaks
The list says
All sources
A list wants these enforced; something speaks against it.
Copied
Copy
Alert assigned
Outcome checked by somebody else
Outcome written down
Alert erased
Late alert told to the division above
Alert faded without news
Alert lowered
Alert handed over
Alert late
Alert raised
Beat of the address told
Number of an alert read
Alert given back
Later report joined to an alert
Alert raised further
Next step of an alert
Alert accepted
Nobody can be sent
Officer no longer asked
Personal data of the appeal erased
Appeal filed
Appeal granted
Appeal overdue
Personal data of an appeal read
Appeal rejected
Appeal taken up
Appeal withdrawn
Waiting list accepted
Batch closed
Waiting list dismissed
List held for a person
Waiting list dropped: nobody looked at it
Batch opened
Rejects of a batch read
Device confirmed
Device dismissed
Device erased
Device found
Place of a device read
Device found again
Ledger audited
Backup made
Lists exported
Law profile in effect
Centre set up
Outbox released
Restored from a backup
First run ended
Came back
Name erased
Matched with the bank
Bank knows otherwise
Given back
Payment told of
Claim withdrawn
Conflict dismissed
Conflict found
Conflict: proposed all the same
Asked not to be warned
Warned again
Incident closed
Money being followed
Another report joined
Incident opened
Account of an incident read
Key added
Key retired
Approved
In force
Entered from an approved list
Value erased
Lapsed by itself
Appeal heard
Lifted
Proposed
Read
Refused
Seen again: term extended
No longer on its list: lifted
Approved
Sent
Drafted
Its day of release has come: looked at once more
Sent in an emergency
Name and evidence erased
Still late: told of again
Expired
Longer term asked for
Written off
An earlier freeze of somebody else's has come to its end
Appeal heard
Seen that the provider is late
Kept, although nothing stolen is there
Lapsed
Provider is late
Lifted
Less held: paid back
Order read
Provider answered
Refused
Stolen money is there after all
Released as unrelated
Lowered
Nothing stolen is there: will be released
Taken over
Outreach erased
Outreach written down
Personal data erased
Receipt
Loss counted, as its bank knows the payment now
What was told erased
Reported
Loss pledged
Report read
Report refused
Report taken
Report withdrawn
Share counted
Approved
Closed
Computed
Personal data erased
Objection answered
Late
Public notice
Objection came
Read
A payment came back: open again
Reviewed
Sent to the bank
Payment counted
Void
Signed out
Session ended
Signed in
The payment came back
Personal data erased
Payment failed
Share made
Paid
Source approved
Source ended
Approval of a source lapsed
Source proposed
Source refused
List taken in
Suspicion dismissed
Suspicion erased
Suspicion found
Listing proposed on a suspicion
Tip dismissed
Tip erased
Block proposed on a tip
Told of
User approved
User disabled
Password changed
User proposed
User refused
Address asked of the carrier
Address erased
Address read
Address told by the carrier
has no model
has a model that is nowhere sure enough
off
on
a card in a device
how it calls
There is more than is shown here.
Draft {n} orders
Draft {n} order
{n} drafted. Somebody else approves them.
No record speaks of a number or account of this incident yet.
A hold that two people decided stands
A block that two people decided is in force
Issuer
Choose at least one.
Order to disconnect
Only what two people have decided about, as records still say. Each draft waits for another person.
Disconnect numbers and accounts
Division
The carrier has been asked.
Nobody opens
I am with them
They refuse to talk
Wrong place
{n} kept on this telephone, sent when there is a line
Read the address
Nothing for you just now
What is assigned to you appears here by itself.
It was a scam: stopped
It was no scam
Could not be reached
Seen
My alerts
visit on duty
abroad
cash
crypto
merchant
Action
all of this source
Approved by
Legal basis
Batch
Why it ended
Evidence
From
from the approval on
Kind
Listing
Match
nobody yet
Notice to the person affected
Proposed by
Reason
Refused by
Answer of the resolver
Score
Source
Until
Decided by
Exited
Held
Present
Unknown
Of calls made, those from abroad
Days since first heard of
Of calls made, those answered
Most calls in one hour
Different numbers called, about
Different numbers called that day
Different callers answered, about
Calls for each number called
Different cells
Handed over, if by chance
Calls in 24 hours
Days active of 32
How unevenly over the hours
Shortest gap between calls
Usual gap between calls
Turns handed to another card
Calls from its handset, two weeks
Different numbers in its handset, two weeks, about
Calls in the last hour
Hours active of 24
Different handsets
Different cards
Calls answered by it
Usual length of calls it answered
Usual length of its calls
Of those called, who also called it
Calls between 0:00 and 6:00
Calls made
Of all calls, those made
Of those answered, of 10 s or less
Messages sent
Turns
Accounts
Call records
Listings
Transfers
Accepted
Batches
{n} bytes
{n} byte
Choose a file, or drop it here
CSV or NDJSON, also as .gz or .zst
Code
Column
Needed columns:
Further columns:
Already known
No file has been sent yet.
Each file becomes a batch; every refused row is listed with its reason.
Of what
Late rows were accepted, but are too old to count: whether they were counted before can no longer be known.
Look at the listings of this batch
These needed columns are missing: {columns}. The rows would be refused.
First rows of the file
Refused
Refused rows
Row
Send
Sending …
Every row becomes a proposal; another person approves.
These columns are not known and will be ignored: {columns}.
Many listings at once, from a file. One bad row never refuses its file.
When
Sent by
What is wrong
Action
All actions
All
Remove this filter
Kind
All kinds
Search number, name, account
Found: what begins with it, sites below a name, and any part of a value among the newest 20,000.
State
Cancel
Clear
Close
Keep for later
optional
Sending …
It is honest
Propose a block
One of the cards that take turns in one device.
By how it calls, at its call no. {n}.
Decided by
{number} stays free, and is not found again for a while.
A block of {number} is proposed under your name. Another person has to approve it.
These stay free, and are not found again for a while ({n}).
A block of each is proposed under your name. Another person has to approve it ({n}).
What it was is erased.
Why a detector named it
What was seen
Found
Calls as scams do; no honest use fits
Victims have reported it
An alarm or another machine
A call centre, a hospital, a school
A courier or driver
See the device
{detector}: of {of} that people decided here, {right} were right; the next is with {low} to {high} %.
Model {model}, score {score}.
A suspicion is no measure: nothing is done to the number until two people decide.
Nothing here.
Detectors look through carriers' call records; what they find waits here for a person.
{n} numbers
{n} number
A block is proposed one at a time.
Part of the score
{n} %
Choose a number on the left
Look at what was seen, then say what it is. A block needs {n} people.
{n} s
Erased
Value
What speaks for it?
Confirmed
Dismissed
To be looked at
Lapsed
Proposed
Waits
Amount to freeze
{read}; {held} is held.
Frozen soon: a freeze is drafted that takes this over. It waits for a second person.
Draft the freeze
A freeze takes this over; it goes on until the bank has frozen all of it.
To the freeze
At the longest until {until}.
Say until when.
hold
listing
What you call them (only the guardian fills this in)
A message will say: please call this person.
The code that came by message
Confirm
End it now
This ends the guardianship at once. Nobody is told.
Your guardian's mobile number
Send a code to my telephone
With this key you end it at any time. It is shown this once.
When our centre sees that you may be being deceived, your guardian is asked to call you. Nothing else is said to them: no number, site, amount or place.
Done. You are their guardian.
Confirmed. Now your guardian gets a code.
It has ended.
Your own mobile number
At most eight guardians, three invitations a day for a number. If no code comes, that limit may have been reached. Either of you ends it in one step; it ends by itself after a year.
Key to end it
A code is on its way to your telephone. Enter it within a day.
Guardians
company
person
All
Appeal
Your number, site or account is blocked
Appeals by deadline
Appeals late
Appeals open
The book of calls needs looking after
Check before you answer or pay
Waiting for a second signature
Callers: {callers}. Devices: {boxes}. Found today: {n}; above the day's budget: {m}.
Lapse within 24 h
Outgoing traffic is held after a restore.
Resolvers and partners keep their last state until somebody has compared the lists and released it.
In force
The clock of this machine jumped back by {span}, to
Until it is right again, listings that began since then do not count yet, and others end later than was decided. Set the clock right. Nothing is erased until it has been steady for ten minutes.
The clock of this machine jumped forward by {span}, to
Listings that were due by it have expired. Set the clock right, then propose again what should still be in force; a list of others brings its own back when it is next taken in. Nothing is erased until the clock has been steady for ten minutes.
Ledger
Everything done here can be checked by anybody
False blocks
How often we were wrong, and for how long
No appeal is waiting.
No order waits for you.
No provider is silent that nobody has seen.
{n} more wait for another person, because you proposed them or they are not yours to decide.
{n} more waits for another person, because you proposed it or it is not yours to decide.
Nothing waits for a decision.
Orders late
Orders to sign
Where is my money?
With your reference and key
Waiting for approval
I have compared: release
Call 96110
Report a fraud, or ask whether it is one
Late, and nobody has seen it
{n} orders, since
one order, since
{name}, this waits for you
Waiting for your decision
Reports to be taken
{n} wait in all; those that have waited longest are shown.
Waiting for a second person
What Yumen is
Only numbers, sites, links, accounts, devices and companies are listed, never persons. Every listing has a reason, a legal basis, two people who answer for it, and an end.
An anti-scam centre in one program: it stops scam calls, scam sites and stolen money, and answers to the people it affects.
None of the victim's payments has been found in the banks' transfers yet
Orders on the accounts the victim named stand above. The trail begins as soon as a bank sends the transfer.
Opened at
Opened by
Parts of this page
Which accounts they paid from
What the victim said
{n} transfers of the victims
{n} transfer of the victims
Incident
Closed
Following
Open
Lists, checks and appeals still work.
{n} incidents
{n} incident
There are no incidents yet.
An incident is opened by the transfers a victim names; then its money is followed.
The victim's transfers
The bank's transaction ids, one a line or separated by commas.
{n} transfers read.
{n} transfer read.
New incident
No incident is in this state.
Open and follow the money
In the victim's own words, without names or identity numbers.
{n} transfers
{n} transfer
Name at least one transfer.
nothing noted
approve
dismiss
into the detail
down and up
lift
list anyway
new proposal
refuse
search
select
select all
Account
Company
Device
Domain
Number
Link
Act
By
Signed
What is shown is not what was recorded: its hash differs.
What is shown is exactly what was recorded; this browser computed its hash.
User
Record id
Your browser is checking …
What was done
No record fits.
Download the ledger
Find
This browser sees this ledger for the first time and remembers its head. Next time it proves that nothing was altered since.
Since your last visit ({size} entries) the ledger has only grown, to {now}. Nothing earlier was altered.
Hash
Signed head
Entry {index} is in the signed ledger of {size} entries; proved in {steps} steps by this browser.
No.
Public key (Ed25519)
Entry {n}
Look at this entry in the ledger and prove it
{n} entries
{n} entry
Newest
This browser offers cryptography only over https or on this very machine. Use the second verifier below.
The proof could not be fetched. Nothing is wrong yet; try again.
Entry {index} is NOT in the signed ledger of {size} entries. Tell the auditor.
Older
The ledger is signed with another key than at your last visit. A rotation is recorded in the ledger itself (“Key added”).
Pages of the ledger
Size, root and signature are public and checked here. The entries themselves are read after signing in.
For what purpose do you download it?
Record
The ledger does NOT continue the one you saw at your last visit ({size} entries). Tell the auditor.
Root
A second program of a few hundred lines, which shares no code with this server, checks the downloaded file with the public key alone.
The ledger is shorter ({now}) than at your last visit ({size}). Tell the auditor.
The signature of this head is wrong. Tell the auditor.
The signature of this head is right; this browser checked it.
This browser knows no Ed25519 signatures; the second verifier checks it.
Size
Lists and appeals still work.
Check it yourself
On the server, the whole ledger is checked against every row with:
Everything that was done, by whom, in an order nobody can change afterwards.
When
Live news is interrupted and will come back by itself. What you see may be a little old.
No connection. You can read what is open; what you type is kept on this device.
The line is slow; still waiting for the server.
Older ones
Appeals
Conflicts about this value
came with an approved list
History
How many calls of it did carriers tell of?
You proposed this. It waits for another person with the role of approver.
Messages
It waits for a person with the role of approver.
Checking and appeals do not depend on this page and may still work.
The list on the left still works.
Clear the filters
{n} listings
{n} listing
Detail
The list is empty.
Propose a number, site or account here, or send a file under “Import”. Another person approves it.
{n} new
New proposal
New
Nothing fits these filters.
Choose a listing
this name only
with all names below it
call
guardian
message
-
second call
visit
Amount
If you think this is wrong, appeal: free, without an account, answered within a fixed time. A granted appeal is lifted at once at your bank or provider.
Legal basis
Decided by
From
This measure has ended or is not in force.
Papers:
Order
A measure on your account or number
Until
Measure
Why
First in, first out
In proportion
Last in, first out
Stolen money first
Reach
What came in first goes out first. Where stolen and other money mix, the order of arrival decides.
Every payment takes stolen and other money in the proportion in which both lie in the account.
What came in last goes out first. Stolen money that just came in leaves before older savings.
Every payment takes stolen money first, until none is left.
Every account the money may have come to, whatever the amounts. Nothing is said about how much of it is whose.
amount
currency
whether it was booked
time
account
The address may be old or mistyped.
There is no such page.
Appeal
On appeal
Checking and appeals still work.
How many were lifted each month?
{n} in twelve months; most in {month}: {most}.
Lifted
Only the newest 10,000 are counted.
Nothing had to be lifted in the last twelve months.
If your number, site or account is blocked, you can appeal; a person looks at it.
Half were lifted within
{n} min
Month
of these on appeal
By month and by how they came in
Median time in force
Lifted
under a minute
How it came in
Blocks and warnings that a person had to lift: on appeal, or because the centre found out by itself. The last twelve months, in counts only.
Call now, before anything else. In the first minutes the bank can still stop it.
Say to which account, how much and when. The police can have it stopped at once.
Send nothing more, whatever you are told. Whoever promises to fetch your money back for a fee is the next fraud.
Keep chats, numbers and receipts; delete nothing.
Have you already sent money?
Alerts
Appeal
Appeals
Devices
Calls
Check
Conflicts
My alerts
Import
Home
Incidents
Pages
Ledger
Lists
False blocks
More
Public notices
Blocking
Calls
This centre
Money
Warning
Orders
Users
Follow my money
Providers
New report
Reports
Resolvers
Refunds
Sources
Live
Suspicions
Outlets
Tips
Appeal
If this is your site, or you think it is blocked by mistake, you can appeal: free, without an account, answered within a fixed time. If you are right, it is freed everywhere at once.
Legal basis
This site is blocked
It is on a list of sites used for fraud. You have done nothing wrong: the page was stopped before it opened.
Decided by
This site is not blocked
Your device may still hold an older answer. Close the page and try again in a few minutes.
English
Listing
Site blocked
Until
Why
No refund is on public notice now.
Where frozen money is shared among several victims, it is published here for 30 days before anything is paid.
Frozen
The notice may be over. The list shows those that run.
Frozen money that is about to be given back in shares. If you lost money to such an account too, or see a mistake, object before the notice is over.
{span} left to object
Object
Say why a share is wrong, or that your money is in this account, too. Nothing is paid until somebody who had no part in it has answered.
the notice is over
The time for objections is over. Call 96110 if you believe that money of yours is here.
How it was computed
{sum} to {n} claims
Public since
Why do you object?
For example: when, how much and from which bank you paid to this account.
Say why you object.
Send the objection
Claims and their shares, without names
Public notice of a refund
To be given back
Objections until
Of the {frozen} frozen in this account, {shared} is to be given back to those it was taken from.
Shares: {n}
No names: the page on which you follow your own money shows the same short claim.
late
late
still late: urgent
no
Extend it
Lift it
Nothing
Place it
Trim it
Its term was over
What it rested on was lifted on appeal
Nobody countersigned in time
Taken over by a freeze
Nothing stolen had come there
Block
Disconnect
Freeze
Hold
Query
Stop
acknowledged
approved
drafted
executed
expired
written off
lapsed
lifted
being lifted
in part
refused
sent
Approve
{amount} on {target}: your name stands beside the first person's.
Approve the longer term
Countersign
Extend
{amount}: a second person has to approve the longer term.
Write off
The provider never confirmed that {target} is free. Written off, it stays in the published counts.
Freeze instead
This ends {until}. A freeze takes over what it holds, once a second person has approved it; this goes on until the bank has frozen all of it.
I have seen to it
Your name is recorded: you know that this provider has not answered in time. The order itself goes on; a lift that nobody confirms is told of again.
Keep
Nothing stolen is known to have come to {target}. Kept, the order on {amount} stands until its term, in your name and for your reason.
Lift
{amount} on {target} is set free. It stays on the list until the provider confirms.
Refuse
The order on {target} does not stand; if it was sent, it is lifted at the provider.
Lower
Now {amount}: the order asks for less, and the rest is free at once.
Frozen before ours
Its provider did not answer in time. An approver or a commander has to say that they have seen it. Told at
Still no answer after the second deadline: call them. An approver or a commander has to say that they have seen it. Told at
Its provider says that it holds less than before, or not as long as was asked, and nobody told it to: call them. An approver or a commander has to say that they have seen it. Told at
answer due in {span}
balance {sum}
Orders already sent stay in force; receipts are kept meanwhile.
{n} orders
{n} order
Countersign {n}
To be taken over by
Emergency
No order has ended yet
Nothing is late
No order in progress
Nothing waits for a second person
Orders come from reports and incidents: take a report, and the first ones are sent at once.
Why it ended
ends in {span}
all there is
until
Freezes of others that go first
and {count} more
What did you do?
Called their duty desk.
Their system is down; they act by hand.
Passed on to the supervisor of banks.
Seen late by
held {sum}
Held
Kept by
lapses in {span}
late by {span}
Layer
New amount (yuan)
New end
No receipt yet.
{n} orders
{n} order
Choose an order on the left
Provider
Rank {n}: why it stands there
Rank
Receipts
released in {span}
Report
Ended
Late
In progress
Second person
Taken over by
Takes over
Account or number
not approved yet
not countersigned yet
Nothing stolen is known to have come to this account. Unless somebody keeps the order, it is lifted
Left for ours
Waits for a second person: an approver who did not draft it.
Order
whole account
Why
failed
no answer
reached
refused
sent
unreachable
Check “{text}”
command
↑ ↓ move · Enter open · Esc close
Find a number, name, account, page or command
Find …
page
Incident
Order
Report
Refund
Search the lists for “{text}”
Turn light and dark
Show in English
Show in Chinese 中文
What waits for approval
Approve
{name} may sign in at once.
approved
A demonstration or drill is exempt: its command line (yumen user add) takes in users alone. A real centre does so only until its first listing comes into force.
Disable
{name} is signed out at once and cannot return.
disabled in the console
Code of GB/T 2260; empty is everywhere.
There are no users you may see.
everywhere
User name
a–z, 0–9, dot, hyphen, underscore
A user name has 1 to 64 of a–z, 0–9, dot, hyphen and underscore.
New user
You proposed this user; another person must approve.
First password
At least 12 characters. Without one, the user signs in by token only.
Propose this user
Refuse
{name} will not be created.
refused in the console
Roles
Choose at least one role.
Another person approves before this user can sign in.
Who works here, in which role and for which division. Two people create a user.
An earlier freeze is of less than nothing: look at it
An earlier freeze is in another currency: look at it
More than 100 earlier freezes were named: look at it
Two earlier freezes stand in one place: look at it
Look again
Done: forget the key
What is coming back
Ended
Asked to be held
Held
Returned
Being looked for
The bank has the order; its answer is awaited.
Safe at a bank: nobody can take it out.
Paid back, as the bank says.
Not found yet, or it has left already.
Reported
{sum} held until 
Where the money of your report is: held, asked for, returned. You need the reference and the key you were given when you reported.
What was asked of banks
The centre never asks for a fee, a code or a transfer to give money back. Whoever does is a fraud.
Banks have been asked to hold the money. Their answers appear here.
Your report waits for somebody to take it. If money left within the last hours, call 96110 or 110 now.
What is held stays where it is until it is clear whose it is. Then it is computed who gets how much, published without names where it is shared, and paid back by the bank.
The report was not taken. Call 96110 to learn why.
The money is being followed from account to account. What is found is held at once.
Everything you lost has been returned.
The report was withdrawn.
Nothing has been asked of a bank yet.
Time not told
Public notices of refunds
Show where it is
The payments you told of
Print
The key stays in this page alone: not in the address, not on this device. Names are never shown here.
Reference of the report
Write the reference you were given.
{sum} returned
Key
YM- and twelve letters and digits, as you were told. Capitals, hyphens and blanks do not matter.
The key is YM- and twelve letters and digits. Look at what you wrote down.
Approved by two people
Computed
The bank could not pay it; it stays frozen for you
On public notice
Paid
Sent to the bank to be paid
Taken up
Where your money is
Where is the {sum}?
already listed: {verdict}
The law this rests on.
Name the legal basis.
Legal bases of the profile
It is never blocked, whatever other lists say.
Calls, visits or payments are refused, with a notice.
People are warned and may go on.
Case number, reports, what was seen. No names of persons.
Say what the evidence is.
Empty: from the approval on.
This was not recognised. Choose its kind below.
{span} (longest)
More: beginning, score
Calm and without blame. Empty: the standard text above the line.
As the person affected reads it
{centre} has listed {value}
What kind of fraud it serves.
Give the reason.
Reasons of the profile
The score is a number from 0 to 100.
Who told us. Empty: this centre.
Propose
Usual terms
Another person approves it; until then it blocks nothing.
Everything ends by itself.
The law profile allows at most {span}.
Say until when; nothing is listed for ever.
Number, site, link, account, device or company
Type or paste it as you have it; the kind is recognised.
Enter what is to be listed.
Public security and bank messages (1001xx, 1002xx)
ISO 20022
JSON
Bank
Carrier
Payment firm
Platform
Registrar
Resolver
fetches them
they are sent to it
{n} orders late, and nobody has seen it.
One order late, and nobody has seen it.
Has to answer within
Its calls, screened
Can
{n} providers
{n} provider
No bank or carrier is connected yet.
They are entered in the centre's settings (yumen.yaml, providers); then orders go to them.
Form of its messages
Your name is recorded with each of its {n} late orders: you know that it has not answered in time. The orders go on.
Last heard from
{n} late
{n} to be lifted
{n} orders late, some beyond the second deadline: call them.
One order late beyond the second deadline: call them.
usually {span}
Half were answered within
never
no answer yet
Nothing is open there.
{n} open
Orders that have not ended: {n}
Nine of ten within
Choose a provider on the left; what is late stands on top
Refunds that it pays
{n} h
{n} min
{n} s
Receipts of orders that were never given: {n}
Nothing follows from them. Ask the provider what it did, and for whom.
How it gets orders
Account
Hold {sum} next
Nothing to be done now
Stop the account next
Bring it down to {sum}
{n} more
The orders above and the trail below still work.
{sum} of the reported loss is not pledged yet
No account of this incident holds stolen money that is known of.
The ranking has changed: show it
Saves
What acting now is expected to save, less what it costs others
layer {layer}
Ranking
{sum} asked for or held
Who is next? Accounts by what acting now saves
Why it stands here
contradicts what was settled: look at it
more is held than was ordered: the provider is asked to release the rest
about what was asked before: noted only
Taken
about no order we know
Came back
Done
Done in part
In hand
Refused
{rule} (applies)
Compute a round
Kept with its statement; another person reviews it.
{sum} is held here, but the trail of this incident does not lead to this account (any more). The money is computed from the account itself.
frozen {sum}
Nobody is known yet whose money this is; it stays frozen.
Rule {n}
Rounds: {n}
stays frozen
Whose the money is, by rule
Whose is the frozen money?
Open the round
directly
in proportion
by timestamps
2016 rules
First in, first out
In proportion to losses
Another payment
{n} h ago
{n} min ago
Amount (yuan)
50000, 5万 or 5w
Write the amount in yuan: 50000, 5万 or 5w.
Another report
Payee's bank
How it came
Correct and send again
Paid from (account)
The same matter was reported before: this joins its incident.
Payment {n}
Loss
Victim's account and transfer number
Victim's number
Page
Payee's name
Look at the other report
What they say
For the victim, to follow their money
The key is shown this once. Whoever has both can see amounts and dates, and no names.
{n} orders are on their way
{n} order is on its way
The report is taken; no order could be sent yet
Take the report and send orders
One payment is enough to begin: account and amount. Ctrl-Enter sends, and the first orders are on their way.
When
About when
New report
Paid to (account)
Open the incident
Write the account the money went to.
The report
Transfer number
Victim's name
110
96110
App
Bank
At the counter
Web page
waiting to be taken
refused
taken
withdrawn
Refuse
Nothing is sent for this report, and it ends.
Take
You take this report: the first orders go out at once, on your word, and lapse unless somebody else countersigns.
Withdrawn by the victim
You write down that the victim withdraws. Every measure under this report is lifted.
all
Payments told ({n})
{n} reports
1 report
Differs: {what}.
No reports yet
No report waits to be taken
No report was refused
No report was taken yet
No report was withdrawn
Reports come from operators, from banks and from the public page.
from
Held at banks
No payment was told.
No order was sent for it.
Orders go out once somebody takes it.
time not known
nobody yet
Reports ({n})
Orders under it ({n})
Choose a report
Asked of banks
What the victim sees (with their key)
The same was told before.
It is no fraud.
Nobody could be reached.
{sum} came back
Show who told it
Taken
taken by {name}
Report of {sum}
transfer
Nobody has taken it yet: nothing was sent to any bank.
Nobody has taken it yet. An operator or an analyst takes it.
Who told it
The money was never gone.
It was a payment they wanted.
They have settled it themselves.
Last answered a notice
Address
Looked at {when}
Behind by {n}
Behind by {n}, for {span}
Resolvers go on with what they have.
No resolver copies the zone yet.
Name each one under dns.secondaries in yumen.yaml, or a file under dns.files for one that watches a file. docs/resolvers has a configuration for each.
File
By file
Up to date
Its serial
with TSIG
Has fetched nothing yet
by address only
By transfer
This centre's serial
Last fetched
Signed
Not refreshed: {why}
State
Last error
Who copies the policy zone, and what they have of it. Refreshes every five seconds.
Last written
not sent
no answer
reached
refused
sent
unreachable
{n} days
{n} day
False stops
of {n}
Set free again within (median)
Returned
Refund rounds: {open} open, {closed} closed.
Stopped
What was stopped, and what went back
Report to return (median)
Administrator
users and keys; never approves
Analyst
proposes listings
Approver
the second person on every listing
Auditor
reads everything, changes nothing
Commander
sees own division and below
Feeder
a program that sends files
Field officer
outreach at the door
Operator
hotline: checks and proposes
Provider
a bank or carrier
Acts on its entries
Its entries are blocked, warned of or allowed.
Protecting list
What stands on it is never blocked on the word of another list.
late
Approved
Closed
Computed
Public notice
Objected
Paid
Reviewed
Sent
Void
Approve (first)
You are the first of two. {sum} goes back from {account} once a second person approves, too.
Approve and send
You are the second of two: {sum} is to be paid from {account}, and the bank is told at once.
Close
{returned} has been paid. The orders on {account} are lowered by it or lifted now.
Put to public notice
For {days} days everybody can see the amounts, without names, and object.
Reviewed: it is right
You have checked whose the {sum} in {account} is. Another person computed it.
Void
This round ends. The money stays frozen, and a new round can be computed.
As data (JSON)
As a document (PDF)
How
Claim
The provider said otherwise than before ({n}). Look at the shares below: the sums already follow its newest word. What came back after the round was closed is no longer held by its orders.
{n} rounds
{n} round
Digest of the statement (SHA-256)
{n} claims were paid from accounts into which somebody else says that they paid stolen money: this round is made public first.
One claim was paid from an account into which somebody else says that they paid stolen money: this round is made public first.
next step due in {span}
No round is closed yet
No round is late
No public notice is running
No refund is in progress
No round was made void
A round is computed on the page of an incident, once a bank holds money in one of its accounts.
Frozen at
Gets
Goes to
What holds the money
Orders of another division among them: {n}. Only who stands above both sees them and lets go of them.
Loss
Nobody has objected.
{n} days of notice
{n} day of notice
notice runs for {span}
Round of this account
Objections: {n}
Order {n}
Choose a round on the left; what is due first stands on top
Public notice
For what purpose do you read the statement?
Rule
See the public notice
Shares: {n}
Who gets how much, and how
Computed again now, the result would be another: a payment or a claim has come since. Look, and make this round void if need be.
Refund statement
Every entry and every step of the computation, from which a bank computes it again. It holds account data.
Approved by a second
Closed
Computed
Approved by a first
Public notice
Paid
Reviewed
Sent to the bank
Void
The steps of this round
Still to be paid
Could not be paid
Paid back
Unclaimed
What becomes of the {sum}?
Closed
Late
Public notice
In progress
Void
Give back {sum}
Together
until
An objection showed that it is wrong
New payments or claims have come
The bank's record is not complete
Why is it void?
Approved by two; it is on its way to the bank.
Waits for a review: by an analyst, an approver or a commander who did not compute it.
Waits for two approvers, neither of whom computed it.
Money is shared in proportion: it waits for its public notice, by an analyst, an approver or a commander.
Waits for the answer to {n} objections; until then nobody approves it.
Waits for the answer to {n} objection; until then nobody approves it.
Public: anybody may object until the notice is over. Then two people approve.
Everything is settled at the bank. Close it, and the orders are lowered by what was paid.
Waits for a second approver: neither who computed it nor the first.
The bank pays, and says so share by share.
An operator or analyst drafts the freeze that takes over the hold; then it is approved by somebody else.
What the provider said ({n})
no address
notice page
does not exist
only by TCP
Below a protected name
Lifted before
Said otherwise elsewhere
Our own name
Protected
It is a host of a protected name.
A person has lifted it before.
Another source or a person says the opposite.
It is a name of this centre itself.
It stands on a list that protects.
No shop pays for false orders; the next payment is what they want.
Police never move money to a safe account, and never ask for secrecy by telephone.
Try to take everything out now: who cannot is being robbed.
Say who you are and where from; let them call 96110 to make sure.
Ask them to hang up, and to end screen sharing and remote control.
Ask what was paid, to whom, and when. Do not blame.
If anything was paid, take the report now: the first orders go out at once.
No lender asks for money before it lends.
No shop needs your screen, a code or a loan to refund.
Stop the payment
What to say
Due
Failed
Paid
Sign in
Checking and appealing need no sign-in.
Demonstration: the three users and their passwords were printed where Yumen was started.
Your session has ended. Sign in and you are back where you were; what you typed is kept.
User name
Password
Signing in …
Sign out
Sum far above what is usual
Payment to somebody new
Call in progress
Call just ended
Something speaks against it
Link by message
Payee known, or passing money on
Payment that waits
Asked by their own app
Listed site visited
Skip to the content
Loading the account …
Looking for the appeal …
Loading the batch …
Comparing with the lists …
Fetching the signed head …
The line is slow; this page goes on by itself.
Loading the history …
Loading the incident …
Loading the entry …
Loading the list …
Loading the listing …
Counting …
Loading the page …
Asking for the resolvers …
Loading the round …
Connecting to the centre …
Loading the source …
Following the money …
protects
Accept it
Take it in
The list is taken in as it is, although it is unlike the one before.
Decide all {n}
Taken in: {entered} entered, {renewed} renewed, {vanished} lifted, {conflicts} in conflict, {refused} refused.
Approve
Approve now
Approved. Its lists may come.
Each list that comes under {name} is then taken in without asking again, within its bounds.
All sources
Lists received
The newest {n} of {total}.
No list has come yet.
Whoever may send takes the first one in above, or by \`yumen ingest\`.
Between {low} and {high} % of its entries need no lifting, 95 times in a hundred.
Waits for a person beyond
−{shrink} % or +{grow} %
What has been taken in stays in force; only this page is missing.
How many entries did each list have?
From {first} to {last} entries in {n} lists; {most} at most.
{n} days
{n} day
Dismiss it
Dismiss now
The file is dropped; the list before it stays in force.
Why is it dismissed?
No source has been proposed yet.
Propose one: who keeps the list, its licence and legal basis, and how long an entry stands. Another person approves it.
Approved until
End it and lift all
Ended. Its entries are lifted.
{name} ends, and its {n} entries are lifted everywhere.
What is still in force of {name} is lifted everywhere.
Why does it end?
End
Entered
Waits when larger by (%)
Conflicts
Last list
Licence
What the list may be used under, as its keeper says.
Its listings
Fill this in, please.
Show more ({n})
Name
a–z, 0–9, dot, hyphen, underscore
A name has 1 to 64 of a–z, 0–9, dot, hyphen and underscore.
none yet
New source
Nothing speaks against its entries.
No source is in this state.
On the list
Open conflicts
Kept by, found at
Who keeps it, where it is fetched, how often.
You proposed this source; another person must approve it.
The approval has run out: nothing more enters. What entered before ends by itself, the last on {when}. Propose the source again, or lift the rest now.
The approval has run out, and what entered under it has ended. Propose the source again to go on.
the approval has run out
How often was it wrong?
In the last year no entry had to be lifted by a person ({entered} ever entered).
In the last year people lifted {n} of its entries, {appeals} of them on appeal ({entered} ever entered): {rate} per 10,000.
Propose this source
Received
Refuse
Refuse now
Refused. The proposer sees your reason.
The proposal of {name} ends here; nothing was ever taken in.
Why is it refused?
Refused
Country of the numbers
Two letters, such as ES, when the list leaves the country code out. Empty: as in this country.
Renewed
What its entries do
Waits when smaller by (%)
Entries
State
Entries stand
Days an entry stands
Counted from when the list last named it.
At most {n} days.
Nothing is taken in until another person approves.
Take a list in
Choose the whole list, or drop it here
One value a line, plain, .gz or .zst, up to 32 MiB. What is no longer on it is lifted.
Take it in
Reading the list …
Lifted
A list waits for a person
It came {when} and has changed nothing so far.
It waits for an approver.
Lists that others keep. Two people approve a source once; its entries then come and go with it.
Dismissed
Done
Ended
Lapsed
In force
Lifted
Proposed all the same
Open
Proposed
Refused
Waits for a person
.
not connected
Nothing has happened yet.
Proposals, approvals, lifts and appeals appear here as they happen.
Go on
Hold still
interrupted
live
connecting
New events still arrive here.
What is being done right now, newest first. It stands still while you read.
Turned bad
Bank
several banks
Nothing that may be shown
An outlet appears once it has opened {n} accounts in a year, and banks have sent their registers of accounts.
too few to say a share
How to read this
Bad is an account that two people listed or held and that was not set free for any other reason than that its time was over.
Where fewer than {n} turned bad, no share is shown: it would be chance.
The bar is the interval in which the true share lies with 95 % confidence; the dot is what was counted. Where two bars overlap, the figures do not say that one is worse.
Lines stand by name, never by share: this is no ranking, and it says nothing about any person who works there.
Outlets with fewer than {n} accounts a year or {staff} staff are counted together, so that no line points at a person.
Opened
Outlet
{n} small outlets together
{n} outlets of several banks together
one outlet of several banks
between {low} and {high}
(0 to {n})
Share that turned bad
Share
{n} years: {from}–{to}
1 year: {to}
Of the accounts that an outlet opened in a year, how many turned bad.
Accounts that turned bad, by outlet
{n} accounts are counted nowhere: their bank did not say where or when they were opened.
One account is counted nowhere: its bank did not say where or when it was opened.
{n} outlets with {issued} accounts are not shown: even together they are too few.
One outlet with {issued} accounts is not shown: that is too few.
Year
Opened in
Dark
Light
{days} days
{days} d {hours} h
{hours} h
{hours} h {minutes} min
lapsed {span} ago
lapses in {span}
late by {span}
{span} left
tomorrow {clock}
yesterday {clock}
It is honest
Propose a block
Of these, {n} through programs.
{value} stays free ({n}). It is asked about again when twice as many and two more have told of it.
A block of {value} is proposed under your name. Another person has to approve it.
Write or paste what looks like a scam.
First told
Nothing lost yet? Tell us the number, site, account or message.
Last told
A number, a site, an account or a message that looks like a scam: tell us, and others are warned sooner. You need no name.
{n} things
{n} thing
Nothing is blocked on one person's word. Somebody here looks at it; two people decide.
What people tell is no measure: nothing happens to it until two people have decided.
What people tell of on the page “Tell of a scam”, or through apps, waits here, each thing once.
Choose a thing from the list
{name} told too much today: {n} refused.
What looks like a scam
A number, an address of a site, an account, or the whole message. From a message we take the links and numbers, and keep none of its words. At most 30 things a day.
Tell
It looks like a scam? Tell us
Thank you. This is what we noted:
Tell of a scam
Today: {n} told, {beyond} refused as too many.
Told of by {n} people
Told of by {n} person
Waits, told by {n} or more
found at the bank
the bank knows it otherwise
not compared yet
withdrawn
Account
{n} accounts
{n} account
Amount
CSV
As of
PDF
As a table
Of it stolen
By one order or another, {low} to {high} is present here.
The incident below and other pages still work.
In doubt
{n} points in doubt
{n} point in doubt
Clear these points up with the bank before acting on the amounts.
Held beside this trail: {sum}
Orders of this incident hold it. It is not part of the sum above. Look whether it is the victims’ money; if not, lift the order.
money-trail
Find an account on the trail
First came
Fold
{n} found
, {n} of them folded: Enter opens
The money moved on: show the new trail
From
Arrows: along the money and within a layer. Enter: open the account. + −: size. v: table. Esc: back.
Larger
Last came
Layer {n}
Layer
How to read it
on a list
How mixed money is counted
No account of the trail has this in it.
Of what is present:
Passed on
The money by layer, left to right; the width is the money
Received
and {n} more accounts
What the table lists
Accounts ({n})
Transfers ({n})
of it stolen {sum}
from {from}, to {to} accounts
received {sum}
sent {sum}
First transfers of each receipt
Hours after the receipt
Layers
How far it is followed
Money trail
Smaller
Status
Stolen
Accounts of the trail
Transfers of the trail
Time
The money trail
To
Transfer
Transfers
Amounts are not divided by this method: the width is what was transferred.
These figures do not add up. Do not act on them; tell whoever runs the centre.
Victims
Whole width, or the usual size
Writing …
booked
pending
rejected
reversed
Nobody on duty is left to be asked
No county is known: ask the carrier
No station is near
Active
Disabled
Proposed
Refused
Known for fraud: do not answer, open or pay
It is on the list. End the call, close the page, send no money. If somebody urges you on, that is part of it.
This number is known for fraud: do not answer, do not call back
Carriers that ask us end its calls. If it reached you: hang up, follow no instruction, send no money. If you have already sent some, call 110 or 96110 at once.
This number is not on the list
That does not prove that the call is honest: numbers are new every day, and the number a phone shows can be forged. Nobody from the police, a court or a bank asks you to move money to a “safe account”. Call back under a number you know.
This number is suspicious: be careful
There are reports about it, and phones may show a warning when it calls. Tell it no code and no password, and call 96110 before you go on.
Not on the list
That does not prove it is safe: new ones appear every day. Nobody from the police, a court or a bank asks you to move money to a “safe account”.
Protected: it belongs to whom it is known for
A centre has confirmed whose it is. Still, a call that shows it may come from somebody else: call back yourself, and send no money because a caller says so.
Suspicious: be careful
There are reports about it. Ask somebody you trust, or call 96110, before you go on.
block
protected
warn
You had a part in this listing: somebody else decides the appeal.
It waits for a person with the role of approver.
It waits for a second person: whoever proposed it may not approve it.
The compressed file is damaged.
The compressed file unpacks to far more than it should.
The compressed file breaks off.
It is a web page, not a list.
It is JSON, not a list with one value a line.
More than 10,000 names of one owner.
It is empty.
It has grown by more than is usual.
More lines were refused than taken.
It has shrunk by more than is usual.
In a file of proposals
On an approved list
Proposed by a person
No station of its county: sent from further away
Somebody else is there sooner
No longer on duty
No answer in time
The day's budget is spent
Held back to measure
They asked not to be warned
Warned today already`;export{e as default};