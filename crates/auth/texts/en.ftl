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
