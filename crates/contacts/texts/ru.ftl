contacts-kind-person = Человек
contacts-kind-company = Компания
contacts-kind-unknown = Контакт — это человек (person) или компания (company)
contacts-email-malformed = Это не адрес электронной почты
contacts-credit-limit-out-of-range = Лимит должен быть от 0 до { $max } сум
contacts-phone-taken = Этот телефон уже у контакта «{ $name }» (№ { $number })
contacts-phone-in-use = Этот телефон уже у другого контакта
contacts-contact-in-use = Контакт упоминается в документах
