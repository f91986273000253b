kernel-number-malformed = This is not a number
kernel-number-too-precise = Too many digits after the point
kernel-number-too-large = The number is too large
kernel-moment-malformed = Not a moment; for example 2026-11-20T09:30:00Z
kernel-date-malformed = Not a date; for example 20.11.2026
kernel-phone-malformed = Not a phone number; for example +998 90 123 45 67
kernel-tin-malformed = A TIN has 9 digits, a VAT payer's code 12, a PINFL 14
kernel-pinfl-malformed = A PINFL has 14 digits
kernel-mxik-malformed = An MXIK has 17 digits
kernel-barcode-malformed = Not a barcode: the check digit is wrong
kernel-text-missing = This must be filled in
kernel-text-too-long = The text is too long, at most { $max } characters
kernel-text-has-control = The text holds an invisible control character
kernel-fields-invalid = Mend the fields that are marked
kernel-not-found = There is no such record, or it was deleted
kernel-forbidden = You may not do this
kernel-unauthenticated = Sign in first
kernel-busy = The server is busy, try again shortly
kernel-internal = Something went wrong on our side and was recorded. Try again shortly
db-text-has-nul = The text holds an invisible NUL character
net-address-invalid = The address “{ $address }” is wrong: it must begin with http:// or https://.
net-address-refused = “{ $host }” is in a private network and is not reached. Whoever runs the server can allow it.

# Limits that the operator of the server sets

kernel-limit-members = At most { $most } members may work here. Ask whoever runs the server for more
kernel-limit-bots = At most { $most } bots may be kept here. Ask whoever runs the server for more
kernel-limit-contacts = At most { $most } contacts may be kept here. Ask whoever runs the server for more
