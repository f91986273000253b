# The log

audit-log = Audit log
audit-log-lead = Who changed what and when. Entries are never deleted.
audit-empty = Nothing was done yet
audit-what = What
audit-who = Who
audit-when = When
audit-origin = From
audit-entity = Which
audit-action = Action's name
audit-changes = Changes
audit-more = { $count } more
audit-field = Field
audit-value = Value
audit-before = Before
audit-after = After
audit-days = Days
audit-days-1 = Today
audit-days-7 = 7 days
audit-days-30 = 30 days
audit-days-365 = 1 year

# Who

audit-actor-member = Member
audit-actor-api-key = API key
audit-actor-service = Service
audit-actor-bot = Bot
audit-actor-agent = Agent of the support desk
audit-actor-job = Job
audit-actor-server = Server
audit-actor-guest = Guest

# Which kinds of rows

audit-entity-api-key = API key
audit-entity-bot = Bot
audit-entity-category = Category
audit-entity-channel = Channel
audit-entity-contact = Contact
audit-entity-import = Import
audit-entity-invitation = Invitation
audit-entity-job = Job
audit-entity-member = Member
audit-entity-person = Person
audit-entity-product = Product
audit-entity-role = Role
audit-entity-sales-order = Sales order
audit-entity-session = Session
audit-entity-stock = Stock
audit-entity-stock-receipt = Stock receipt
audit-entity-vat-rate = VAT rate
audit-entity-warehouse = Warehouse
audit-entity-workspace = Workspace

# What was done

audit-verb-accept = Accepted
audit-verb-act = Operator acts as the member
audit-verb-adjust = Adjusted
audit-verb-ask-letter = Letter asked for
audit-verb-cancel = Cancelled
audit-verb-change = Changed
audit-verb-confirm = Confirmed
audit-verb-confirm-email = Address confirmed
audit-verb-connect = Connected
audit-verb-create = Created
audit-verb-decline = Declined
audit-verb-delete = Deleted
audit-verb-disconnect = Disconnected
audit-verb-done = Finished
audit-verb-email = Address changed
audit-verb-end-acting = Operator stopped acting
audit-verb-import = Imported
audit-verb-password = Password changed
audit-verb-picture = Picture set
audit-verb-place = Placed
audit-verb-post = Posted
audit-verb-publish = Published
audit-verb-resend = Sent again
audit-verb-resume = Works again
audit-verb-retry = Retried
audit-verb-revoke = Revoked
audit-verb-revoke-reused = Ended: a refresh token came twice
audit-verb-role = Role changed
audit-verb-sign-in = Signed in
audit-verb-sign-out = Signed out
audit-verb-sign-up = Signed up
audit-verb-state = State changed
audit-verb-suspend = Suspended
audit-verb-switch = Workspace opened
