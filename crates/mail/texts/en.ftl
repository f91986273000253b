# Configuration

mail-server-wrong = Not the address of a mail server: smtps://user:password@host:465 or smtp://host:587
mail-password-in-the-open = A password may not travel without TLS
mail-from-wrong = Not an address to write from: Karvon <no-reply@shop.example>

# Pages

mail-letters = Letters
mail-lead = What was sent by e-mail in the last 30 days.
mail-lead-console = This server has no mail server: letters are written to its log and reach nobody.
mail-lead-off = This server sends no e-mail.
mail-empty = No letters yet
mail-recipient = To
mail-state = State
mail-error = Mail server’s answer
mail-posted = Written
mail-state-queued = Waiting
mail-state-sent = Sent
mail-state-logged = In the log
mail-state-failed = Not delivered
