# Configuration

mail-server-wrong = Pochta serverining manzili notoʻgʻri: smtps://user:password@host:465 yoki smtp://host:587
mail-password-in-the-open = Parol TLSsiz yuborilmaydi
mail-from-wrong = Joʻnatuvchi manzili notoʻgʻri: Karvon <no-reply@shop.example>

# Pages

mail-letters = Xatlar
mail-lead = Oxirgi 30 kunda elektron pochta orqali yuborilgan xatlar.
mail-lead-console = Pochta serveri ulanmagan: xatlar server jurnaliga yoziladi, hech kimga yetib bormaydi.
mail-lead-off = Bu server xat yubormaydi.
mail-empty = Hozircha xat yoʻq
mail-recipient = Kimga
mail-state = Holati
mail-error = Pochta serverining javobi
mail-posted = Yozilgan vaqti
mail-state-queued = Navbatda
mail-state-sent = Yuborildi
mail-state-logged = Jurnalga yozildi
mail-state-failed = Yetib bormadi
