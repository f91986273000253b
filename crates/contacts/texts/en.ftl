contacts-kind-person = Person
contacts-kind-company = Company
contacts-kind-unknown = A contact is a person or a company
contacts-email-malformed = This is not an e-mail address
contacts-credit-limit-out-of-range = The limit must be from 0 to { $max } soʻm
contacts-phone-taken = { $name } (№ { $number }) has this phone
contacts-phone-in-use = Another contact has this phone
contacts-contact-in-use = Documents name this contact
