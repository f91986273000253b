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
auth-wait = Too many attempts. Try again in { $seconds } seconds
auth-sign-up-closed = Sign-up is closed on this server. Ask its administrator
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
auth-member-invited = Invited
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
auth-member-add-lead = An e-mail address or a username is enough. Who has an account already is invited, and their password stays.
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
auth-invitation-withdraw = Withdraw the invitation
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
