contacts-kind-person = Shaxs
contacts-kind-company = Kompaniya
contacts-kind-unknown = Kontakt shaxs (person) yoki kompaniya (company) boʻladi
contacts-email-malformed = Bu elektron pochta manzili emas
contacts-credit-limit-out-of-range = Limit 0 dan { $max } soʻmgacha boʻlishi kerak
contacts-phone-taken = Bu telefon { $name } kontaktida bor (№ { $number })
contacts-phone-in-use = Bu telefon boshqa kontaktda bor
contacts-contact-in-use = Kontakt hujjatlarda tilga olingan
