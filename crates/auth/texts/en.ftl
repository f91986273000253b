# Checks of what people type

auth-name-missing = The name is missing
auth-text-too-long = At most { $most } characters
auth-text-invisible = The text holds invisible characters
auth-email-malformed = Not an e-mail address; for example name@example.com
auth-email-taken = Somebody has signed up with this e-mail address
auth-username-malformed = A username has 3–32 characters: it begins with a Latin letter; letters, digits, dots and dashes follow
auth-username-taken = This username is taken
auth-login-taken = This e-mail address or username was taken a moment ago
auth-login-missing = An e-mail address or a username is needed
auth-password-short = A password has at least { $least } characters
auth-password-long = A password has at most { $most } characters
auth-password-guessed = This password is easily guessed; choose another
auth-password-wrong = The present password is wrong
auth-zone-unknown = There is no such time zone

# Signing in

auth-sign-in-refused = Wrong login or password
auth-wait = { $minutes ->
    [0] Too many attempts. Try again in { $seconds } seconds
   *[other] Too many attempts. Try again in { $minutes } minutes
}
auth-sign-up-closed = Sign-up is closed on this server. Ask its administrator
auth-sign-in-workspace-unknown = You belong to no such workspace
auth-refresh-refused = The session has ended. Sign in again
auth-no-workspace = You belong to no workspace at present. Ask your administrator
auth-workspace-exists = The server has a workspace already
auth-slug-taken = The address “{ $slug }” is taken
auth-environment-key-short = A key in API_KEYS has at least 16 characters

# Members and roles

auth-beyond-own = You cannot give or take what you may not do yourself
auth-last-admin = A workspace keeps at least one Admin
auth-member-already = This person is a member already
auth-member-was-here = This person was a member before. Activate them again in the list of members
auth-member-state-other = The member's state has changed. Load the page again
auth-member-belongs-elsewhere = This person works in another workspace too; only they can change their password
auth-member-active = Active
auth-member-inactive = Inactive
auth-role-admin = Admin
auth-role-manager = Manager
auth-role-cashier = Cashier
auth-role-warehouse = Warehouse
auth-role-user = User
auth-role-missing = Choose a role
auth-role-unknown = There is no such role
auth-role-name-taken = There is a role of this name
auth-role-built-in = A built-in role stays as it is. Make one of your own
auth-role-in-use = Members have this role. Give them another first
auth-roles-too-many = At most { $most } roles of your own

# API keys

auth-key-kind-unknown = The kind is “api_key” or “service”
auth-key-without-scopes = Choose at least one permission
auth-key-expiry-past = The end must lie in the future
auth-key-revoked-before = This key is revoked already
auth-keys-too-many = At most { $most } keys at a time

# Pages: signing in

auth-sign-in = Sign in
auth-sign-up = Sign up
auth-sign-up-lead = A workspace for your company opens, and you become its Admin.
auth-to-sign-up = No account yet? Sign up
auth-to-sign-in = Have an account? Sign in
auth-login = E-mail address or username
auth-password = Password
auth-password-help = At least 8 characters. A phrase of a few words makes a good password.
auth-your-name = Your name
auth-email = E-mail address
auth-phone = Phone

# Pages: profile

auth-profile = Profile
auth-profile-tab = Personal
auth-password-tab = Password
auth-sessions-tab = Sessions
auth-language = Language
auth-theme = Appearance
auth-theme-dark = Dark
auth-theme-light = Light
auth-theme-help = How pages open on new devices. The button above is for this device alone.
auth-saved = Saved
auth-password-current = Present password
auth-password-new = New password
auth-password-new-help = At least 8 characters. Sessions on other devices end.
auth-password-change = Change the password
auth-password-changed = The password was changed. Other sessions ended: { $ended }
auth-session-device = Device
auth-session-device-unknown = Unknown device
auth-session-address = Address
auth-session-seen = Last used
auth-session-since = since { $at }
auth-session-since-token = since { $at }, by tokens (API)
auth-session-this = This session
auth-session-end = End
auth-session-ended = The session was ended
auth-sessions-end-others = End the other sessions
auth-sessions-end-others-ask = Every other device will have to sign in again.

# Pages: workspaces and the company

auth-workspaces = Workspaces
auth-workspace-new = New workspace
auth-workspace-made = The workspace was made
auth-workspace-open = Open
auth-workspace-open-now = Open now
auth-invitation-accept = Accept
auth-invitation-decline = Decline
auth-company = Company
auth-company-name = Company's name
auth-company-tin = TIN
auth-company-tin-help = TIN 9 digits, VAT code 12, PINFL 14
auth-company-address = Address
auth-company-zone = Time zone
auth-company-bank = Bank
auth-company-mfo = MFO (bank code)
auth-company-account = Bank account
auth-company-vat-code = VAT payer’s code
auth-company-director = Director
auth-company-accountant = Chief accountant
auth-company-papers-help = Bank, codes and signatures stand on invoices.
auth-digits-wrong = { $count } digits are needed

# Pages: members

auth-members = Members
auth-name = Name
auth-role = Role
auth-state = State
auth-member-since = Member since
auth-member-search = Name, e-mail, username or phone
auth-member-add = Add a member
auth-member-add-lead = For those without e-mail, or when you hand over the first password yourself. Others are better invited.
auth-member-added = The member was added
auth-username = Username
auth-username-help = For those without e-mail: Latin letters and digits
auth-password-first = First password
auth-password-first-help = Tell it to the person; they change it after signing in.
auth-password-reset = Reset the password
auth-password-reset-lead = When a member forgot theirs. All their sessions end.
auth-role-change = Change the role
auth-member-activate = Activate again
auth-member-deactivate = Deactivate
auth-member-deactivate-ask = The member is signed out at once. What they did stays.
auth-invitation-withdraw = Withdraw
auth-invitation-withdraw-ask = This person will no longer be able to accept.
auth-nothing-to-change = It does not say what to change

# Pages: roles and the grid

auth-roles = Roles
auth-roles-lead = Who sees and changes what.
auth-role-kind = Kind
auth-role-members = Members
auth-role-own = Your own
auth-role-ready = Built in
auth-role-new = New role
auth-role-name = Role's name
auth-role-copy = Copy
auth-role-delete = Delete
auth-role-delete-ask = This role will be deleted.
auth-permissions = Permissions
auth-permission-unknown = There is no such permission
auth-verb-read = Read
auth-verb-create = Create
auth-verb-edit = Edit
auth-verb-delete = Delete
auth-verb-export = Export
auth-area-sales = Sales
auth-area-inventory = Goods and stock
auth-area-purchases = Purchases
auth-area-finance = Finance
auth-area-reports = Reports
auth-area-users = Members
auth-area-settings = Settings
auth-area-tickets = Tickets
auth-area-applications = Applications
auth-area-surveys = Surveys
auth-area-bots = Bots
auth-area-broadcast = Broadcasts
auth-area-audit = Audit log

# Pages: API keys

auth-keys = API keys
auth-keys-lead = Other programs connect with these keys.
auth-keys-empty = No keys yet
auth-keys-empty-hint = Make one for an accounting program, a site or a till.
auth-key-new = New key
auth-key-new-lead = A key does only what you tick. When you leave, it stops working.
auth-key-kind = For whom
auth-key-kind-api = Outside system (API key)
auth-key-kind-service = Outside bot (service token)
auth-key-kind-help = An outside bot sends its token in the header X-SERVICE-TOKEN.
auth-key-sent-as = Requests send it in the header { $header }.
auth-key-name = Name
auth-key-name-help = For which program: “1C”, “Site”
auth-key-maker = Made by
auth-key-used = Last used
auth-key-expires = Expires
auth-key-term = Term
auth-key-term-30 = 30 days
auth-key-term-90 = 90 days
auth-key-term-365 = 1 year
auth-key-term-none = Until revoked
auth-key-make = Make the key
auth-key-holds = Active
auth-key-expired = Expired
auth-key-revoked = Revoked
auth-key-revoked-now = The key was revoked
auth-key-revoke = Revoke
auth-key-revoke-ask = The program with the key “{ $name }” loses access at once.
auth-key-shown-once = Copy the key now: it is not shown again.
auth-key-shown-before = The key was made and shown before. If you did not copy it, revoke it and make another.
auth-key-copy = Copy
auth-key-done = Back to the keys

# Letters, links, addresses

auth-link-title = This link
auth-link-closed = This link is used up, too old or not complete. Ask for a new one
auth-forgot = Forgot the password?
auth-forgot-lead = We send a link to your e-mail address with which you set a new one.
auth-forgot-send = Send the link
auth-forgot-sent = If there is such a sign-in with an e-mail address, a letter is on its way. Its link holds for an hour.
auth-forgot-no-mail = This server sends no e-mail. Ask your administrator to set a new password
auth-reset = A new password
auth-reset-lead = All your sessions end; then sign in with the new password.
auth-reset-set = Set the password
auth-reset-done = The password is set. Sign in with it
auth-sign-up-sent = Look into your mailbox: we sent a letter. Its link holds for a day. No letter? Look among spam or sign up again.
auth-confirm = Confirm the address
auth-confirm-ask = Is { $email } your address?
auth-confirm-button = Yes, confirm it
auth-confirm-sign-up = The address { $email } is yours. One step is left.
auth-confirm-sign-up-button = Open my workspace
auth-confirmed = The address { $email } is confirmed
auth-email-tab = E-mail
auth-email-none = You have no e-mail address yet
auth-email-none-yet = You have no e-mail address yet. With one you can set a forgotten password anew.
auth-email-confirmed = { $email }: confirmed
auth-email-unconfirmed = { $email }: not confirmed yet. Open the link in our letter.
auth-email-present = Your address: { $email }
auth-email-confirmed-before = Your address is confirmed already
auth-email-same = This is your address already
auth-email-sent = A letter is on its way. Open its link within a day
auth-email-new = New e-mail address
auth-email-new-help = You sign in with it once you have opened the link that we send there.
auth-email-new-help-no-mail = You sign in with it from now on.
auth-email-change = Change the address
auth-not-while-acting = This is the person’s own matter: an operator who acts as them may not do it

# Invitations

auth-invitations = Invitations
auth-invitations-empty = Nobody is invited at present
auth-invitations-empty-hint = Invite colleagues by e-mail or with a link.
auth-invited = Who
auth-invite = Invite
auth-invite-lead = By a letter to an address, or by a link that you pass on yourself. It holds for a week.
auth-invite-lead-link = You get a link to pass on: this server sends no e-mail. It holds for a week.
auth-invite-email-help = Leave it empty for a link that whoever gets it can use once.
auth-invited-already = This address is invited already. Send the invitation again from the list
auth-invitations-too-many = At most { $most } invitations at a time. Withdraw some first
auth-invitation-anybody = Whoever has the link
auth-invitation-until = Holds until
auth-invitation-pending = Waiting
auth-invitation-ended = Ended
auth-invitation-resend = Send again
auth-invitation-sent = An invitation is on its way to { $email }
auth-invitation-link = The link of the invitation
auth-invitation-link-for-one = Copy the link now and pass it on to { $email }: it is not shown again. Only they can use it.
auth-invitation-link-for-any = Copy the link now: it is not shown again. Whoever has it can join once; pass it on to the right person only.
auth-invitation-link-done = Back to the invitations
auth-invitation-shown-before = The link was made and shown before. If you did not copy it, send the invitation again.
auth-invitation-asks = { $inviter } invites you to “{ $workspace }”. Role: { $role }.
auth-invitation-join = Join
auth-invitation-join-as = You are signed in as { $name }
auth-invitation-joined = Welcome: you are a member now
auth-invitation-has-sign-in = Have an account? Sign in and join
auth-invitation-sign-in = This address has an account. Sign in, then open the link again
auth-invitation-closed = This invitation is used up, withdrawn or too old. Ask for a new one
auth-invitation-of-another = This invitation is for { $email }. Sign in with that address
auth-invitation-void = Whoever invited you may not give this role any more. Ask for a new invitation
auth-member-invite-instead = This address has an account already. Invite them instead; their password stays theirs

# Letters

auth-letter-not-you = If it was not you, do nothing: without the link nothing happens.
auth-letter-day = The link holds for a day and opens once.
auth-letter-hour = The link holds for an hour and opens once.
auth-letter-week = The link holds for a week and opens once.
auth-letter-sign-up-subject = Confirm your address to open your workspace
auth-letter-sign-up = You signed up for Karvon. Confirm that this address is yours, and your workspace opens.
auth-letter-sign-up-link = Confirm and open the workspace
auth-letter-has-subject = You already have an account
auth-letter-has = Somebody, probably you, wanted to sign up for Karvon with this address. You have an account with it already.
auth-letter-has-forgot = Sign in with your password. If you forgot it, the sign-in page sends you a link to set a new one.
auth-letter-has-link = Sign in
auth-letter-confirm-subject = Confirm your e-mail address
auth-letter-confirm = Confirm that this address is yours: you sign in to Karvon with it.
auth-letter-confirm-link = Confirm the address
auth-letter-changed-subject = Your sign-in address was changed
auth-letter-changed = From now on you sign in to Karvon with { $email } and not with this address.
auth-letter-changed-not-you = If it was not you, tell the administrator of your workspace at once.
auth-letter-reset-subject = Set a new password
auth-letter-reset = Somebody, probably you, forgot the password of your Karvon account. Set a new one with this link.
auth-letter-reset-link = Set a new password
auth-letter-set-subject = Your password was set anew
auth-letter-set = A new password was set for your Karvon account by a link from a letter. All sessions were ended.
auth-letter-set-not-you = If it was not you, set another one at once: “Forgot the password?” on the sign-in page.
auth-letter-invitation-subject = You are invited to “{ $workspace }”
auth-letter-invitation = { $inviter } invites you to work in “{ $workspace }” on Karvon.
auth-letter-invitation-link = See the invitation
auth-letter-invitation-not-you = If you do not know who this is, do nothing.

# The operator's console

auth-operator = Workspaces of the server
auth-operator-lead = Who works on this server, what they have and what they may have.
auth-operator-search = Name or address
auth-operator-activity = Last activity
auth-operator-since = Since
auth-operator-works = Works
auth-operator-suspended = Suspended
auth-operator-why = Suspended. Reason: { $why }
auth-operator-limits = Limits
auth-operator-limits-lead = Empty is as much as they like. What is above a limit already stays.
auth-operator-suspend = Suspend
auth-operator-suspend-lead = Members get no further than your reason, keys stop working, bots fall silent. Nothing is deleted.
auth-operator-resume = Let it work again
auth-operator-act = Act as a member
auth-operator-act-lead = For an hour at most. Everything you do stands in the workspace’s log under both names. Passwords and keys stay out of reach.
auth-operator-member = Member
auth-reason = Reason
auth-reason-missing = Say why
auth-reason-members-read = Members read it.
auth-reason-in-log = It stands in the workspace’s log.
auth-limit-bots = Bots
auth-limit-contacts = Contacts
auth-limit-contacts-help = For those that members write down. Customers who come by a chat are never turned away.
auth-limit-too-small = At least { $least }
auth-suspended-already = This workspace is suspended already
auth-suspended-not = This workspace is not suspended
auth-act-not-as = Choose another member, one who is active
