# The frame around every page

web-skip = Skip to content
web-menu = Menu
web-menu-home = Home
web-menu-sales = Sales
web-menu-goods = Goods and stock
web-menu-bots = Bots
web-menu-desk = Desk
web-menu-books = Books
web-menu-settings = Settings
web-crumbs = Path to this page
web-account = My account
web-profile = Profile
web-workspaces = Other workspace
web-workspaces-own = Workspaces
web-operator = Operator’s console
web-banner-unconfirmed = Confirm your e-mail address { $email }: open the link in our letter.
web-banner-send-again = Send again
web-banner-acting = You act as { $member } until { $until }. The log names you both.
web-banner-acting-end = End
web-suspended = The workspace “{ $workspace }” is suspended by whoever runs this server. Reason: { $why }
web-sign-out = Sign out
web-language = Language
web-theme = Light or dark theme
web-offline = No network. What you typed stays here.
web-loading = Loading…
web-needs-script = This page needs JavaScript.

# Buttons and fields

web-save = Save
web-cancel = Back
web-confirm-no = No, keep it
web-close = Close
web-actions = Actions
web-optional = optional
web-choose = Choose
web-choose-file = Choose a file or drop it here
web-show-password = Show the password
web-som = soʻm

# Lists

web-list-empty = Nothing here yet
web-list-nothing = Nothing found
web-list-nothing-hint = Try other words, or clear the filters.
web-list-clear = Clear filters
web-list-order = Order
web-list-show = Show
web-days = Date
web-days-all = All days
web-days-today = Today
web-days-week = This week
web-days-month = This month
web-days-last-month = Last month
web-days-from = From
web-days-until = Until
web-days-reversed = The last day is before the first one.
web-period-too-long = The period must lie within 2000–2099 and be no longer than { $days } days
web-chart-table = Table of days
web-chart-day = Day
web-share-of = { $part } of { $whole }
web-share-more = { $count } more
web-pages = Pages
web-previous = Previous
web-next = Next
web-export = Export
web-export-csv = CSV file
web-export-xlsx = Excel file (XLSX)
web-export-too-long = The list has { $count } rows and one file holds at most { $most }: narrow it with a filter

# Lines of a document

web-line-product = Product
web-line-search = Name, code or barcode
web-line-quantity = Quantity
web-line-unit = Unit
web-line-price = Price
web-line-discount = Discount, %
web-line-sum = Sum
web-line-add = Add a line
web-line-remove = Remove the line
web-lines-total = Total

# Pages that say no

web-go-home = To the first page
web-go-back = Back
web-request-id = Request: { $id }
web-error-invalid-title = That request is not right
web-error-unauthenticated-title = Sign in first
web-error-forbidden-title = You may not open this
web-error-not-found-title = Page not found
web-error-conflict-title = That cannot be done now
web-error-too-much-title = Too many requests
web-error-busy-title = The server is busy
web-error-internal-title = Something broke on our side

# The script of every page

web-js-close = Close
web-js-combobox-empty = Nothing found
web-js-confirm-title = Are you sure?
web-js-confirm-yes = Yes
web-js-copied = Copied
web-js-copy-failed = Could not copy
web-js-failed = That did not work. Try again a little later.
web-js-network-lost = The network is gone. Your input is kept, send it again.
web-js-signed-out = Your session has ended. Sign in in another tab and send again.

# The simulator

web-sim-bot = Bot
web-sim-buttons = Buttons of the message
web-sim-chat = Chat with the bot
web-sim-commands = Commands
web-sim-connecting = connecting…
web-sim-edited = edited
web-sim-empty = Type /start to begin
web-sim-file = File
web-sim-keyboard = Keyboard
web-sim-language = Language of the person
web-sim-location = Location
web-sim-log = Messages
web-sim-my-contact = My contact
web-sim-new-person = As a new person
web-sim-no-variables = No variables yet
web-sim-person = Who writes
web-sim-photo = Photo
web-sim-placeholder = Message
web-sim-restart = Start again
web-sim-retry = Send again
web-sim-send = Send
web-sim-session = Session
web-sim-share = Share
web-sim-share-contact = Share the contact
web-sim-share-location = Share a location
web-sim-step = Step
web-sim-typing = typing…
web-sim-variables = Variables
web-sim-you = You

# The page of the API

web-api-answers = Answers
web-api-body = Body of the request
web-api-copy = Copy
web-api-key = API key
web-api-key-help = Without a key, requests go with your own rights. The key stays in this tab only.
web-api-nothing = No such operation
web-api-other = Other
web-api-reload = Load again
web-api-search = Path, operation or section
web-api-send = Send

# Requests that are refused before anybody decides

web-api-title = API
web-method-not-allowed = This address does not take such a request
web-request-malformed = The request is malformed
web-body-too-large = Too much was sent
web-body-not-json = The request has to be JSON
web-body-malformed = The JSON is malformed
web-field-missing = This field is required
web-field-unknown = There is no such field
web-field-type = The value has the wrong type
web-form-not-ours = The form was not sent from a page of ours. Reload the page and try again
web-form-expired = The page was open for too long. Reload it and send again
web-form-again = The page was open for too long, so nothing was saved. Look at what you typed and send it again
web-button-again = The page was open for too long, so nothing was done. It is loaded anew: try again
web-idempotency-key-malformed = The Idempotency-Key is malformed
web-idempotency-key-reused = This Idempotency-Key was used with another request
web-idempotency-key-in-use = The same request is being done right now, ask again shortly
