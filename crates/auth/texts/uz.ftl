# Checks of what people type

auth-name-missing = Nom yozilmagan
auth-text-too-long = Koʻpi bilan { $most } ta belgi
auth-text-invisible = Matnda koʻrinmas belgilar bor
auth-email-malformed = Elektron pochta notoʻgʻri; namuna: ism@misol.uz
auth-email-taken = Bu elektron pochta bilan allaqachon roʻyxatdan oʻtilgan
auth-username-malformed = Login 3–32 ta belgi: lotin harfidan boshlanadi, harf, raqam, nuqta, chiziqcha
auth-username-taken = Bu login band
auth-login-taken = Bu elektron pochta yoki login hozirgina band qilindi
auth-login-missing = Elektron pochta yoki login kerak
auth-password-short = Parol kamida { $least } ta belgidan iborat boʻlsin
auth-password-long = Parol koʻpi bilan { $most } ta belgi
auth-password-guessed = Bu parolni topish oson, boshqasini oʻylab toping
auth-password-wrong = Amaldagi parol notoʻgʻri
auth-zone-unknown = Bunday vaqt mintaqasi yoʻq

# Signing in

auth-sign-in-refused = Login yoki parol notoʻgʻri
auth-wait = Urinishlar juda koʻp. { $seconds } soniyadan keyin qayta urinib koʻring
auth-sign-up-closed = Bu serverda roʻyxatdan oʻtish yopiq. Administratorga murojaat qiling
auth-no-workspace = Siz hozir hech bir ish joyiga kirmaysiz. Administratoringizga murojaat qiling
auth-workspace-exists = Serverda ish joyi allaqachon bor
auth-slug-taken = “{ $slug }” manzili band
auth-environment-key-short = API_KEYS dagi kalit kamida 16 belgidan iborat boʻlsin

# Members and roles

auth-beyond-own = Oʻzingizda boʻlmagan ruxsatni bera yoki ola olmaysiz
auth-last-admin = Ish joyida kamida bitta Admin qolishi kerak
auth-member-already = Bu odam allaqachon a’zo
auth-member-was-here = Bu odam ilgari a’zo boʻlgan. Uni a’zolar roʻyxatidan qayta faollashtiring
auth-member-state-other = A’zoning holati oʻzgargan. Sahifani yangilang
auth-member-belongs-elsewhere = Bu odam boshqa ish joyida ham ishlaydi, parolini faqat oʻzi oʻzgartira oladi
auth-member-active = Faol
auth-member-invited = Taklif qilingan
auth-member-inactive = Faol emas
auth-role-admin = Admin
auth-role-manager = Menejer
auth-role-cashier = Kassir
auth-role-warehouse = Omborchi
auth-role-user = Foydalanuvchi
auth-role-missing = Rolni tanlang
auth-role-unknown = Bunday rol yoʻq
auth-role-name-taken = Bu nomdagi rol bor
auth-role-built-in = Tayyor rolni oʻzgartirib boʻlmaydi. Oʻzingizning rolingizni yarating
auth-role-in-use = Bu rol a’zolarga berilgan. Avval ularga boshqa rol bering
auth-roles-too-many = Oʻz rollaringiz { $most } tadan oshmasin

# API keys

auth-key-without-scopes = Kamida bitta ruxsatni tanlang
auth-key-expiry-past = Muddat kelajakda boʻlsin
auth-key-revoked-before = Bu kalit allaqachon bekor qilingan
auth-keys-too-many = Amaldagi kalitlar { $most } tadan oshmasin

# Pages: signing in

auth-sign-in = Kirish
auth-sign-up = Roʻyxatdan oʻtish
auth-sign-up-lead = Korxonangiz uchun ish joyi ochiladi, siz uning Admini boʻlasiz.
auth-to-sign-up = Hisobingiz yoʻqmi? Roʻyxatdan oʻting
auth-to-sign-in = Hisobingiz bormi? Kiring
auth-login = Elektron pochta yoki login
auth-password = Parol
auth-password-help = Kamida 8 ta belgi. Bir nechta soʻzdan iborat ibora yaxshi parol.
auth-your-name = Ismingiz
auth-email = Elektron pochta
auth-phone = Telefon

# Pages: profile

auth-profile = Profil
auth-profile-tab = Shaxsiy
auth-password-tab = Parol
auth-sessions-tab = Seanslar
auth-language = Til
auth-theme = Koʻrinish
auth-theme-dark = Qorongʻi
auth-theme-light = Yorugʻ
auth-theme-help = Yangi qurilmalarda shunday ochiladi. Yuqoridagi tugma faqat shu qurilma uchun.
auth-saved = Saqlandi
auth-password-current = Amaldagi parol
auth-password-new = Yangi parol
auth-password-new-help = Kamida 8 ta belgi. Boshqa qurilmalardagi seanslar tugatiladi.
auth-password-change = Parolni oʻzgartirish
auth-password-changed = Parol oʻzgartirildi. Tugatilgan boshqa seanslar: { $ended }
auth-session-device = Qurilma
auth-session-device-unknown = Noma’lum qurilma
auth-session-address = Manzil
auth-session-seen = Oxirgi marta
auth-session-since = { $at } dan beri
auth-session-this = Shu seans
auth-session-end = Tugatish
auth-session-ended = Seans tugatildi
auth-sessions-end-others = Boshqa seanslarni tugatish
auth-sessions-end-others-ask = Boshqa barcha qurilmalarda qayta kirish kerak boʻladi.

# Pages: workspaces and the company

auth-workspaces = Ish joylari
auth-workspace-new = Yangi ish joyi
auth-workspace-made = Ish joyi yaratildi
auth-workspace-open = Ochish
auth-workspace-open-now = Hozir ochiq
auth-invitation-accept = Qabul qilish
auth-invitation-decline = Rad etish
auth-company = Korxona
auth-company-name = Korxona nomi
auth-company-tin = STIR
auth-company-tin-help = STIR 9 ta, QQS kodi 12 ta, JSHSHIR 14 ta raqam
auth-company-address = Manzil
auth-company-zone = Vaqt mintaqasi
auth-company-bank = Bank
auth-company-mfo = MFO
auth-company-account = Hisob raqami
auth-company-vat-code = QQS toʻlovchisi kodi
auth-company-director = Rahbar
auth-company-accountant = Bosh hisobchi
auth-company-papers-help = Bank, kodlar va imzolovchilar hisobvaraq-fakturada turadi.
auth-digits-wrong = { $count } ta raqam kerak

# Pages: members

auth-members = A’zolar
auth-name = Ism
auth-role = Rol
auth-state = Holat
auth-member-since = Qoʻshilgan
auth-member-search = Ism, pochta, login yoki telefon
auth-member-add = A’zo qoʻshish
auth-member-add-lead = Pochta yoki login yetarli. Oʻz hisobi bor odamga taklif yuboriladi va uning paroli oʻzgarmaydi.
auth-member-added = A’zo qoʻshildi
auth-username = Login
auth-username-help = Pochtasi yoʻqlar uchun: lotin harflari va raqamlar
auth-password-first = Birinchi parol
auth-password-first-help = Uni odamning oʻziga ayting, kirgach oʻzgartirsin.
auth-password-reset = Parolni yangilash
auth-password-reset-lead = A’zo parolini unutgan boʻlsa. Uning barcha seanslari tugaydi.
auth-role-change = Rolini oʻzgartirish
auth-member-activate = Qayta faollashtirish
auth-member-deactivate = Ishdan boʻshatish
auth-member-deactivate-ask = A’zo shu zahoti chiqarib yuboriladi. Qilgan ishlari saqlanadi.
auth-invitation-withdraw = Taklifni qaytarib olish
auth-invitation-withdraw-ask = Bu odam endi taklifni qabul qila olmaydi.
auth-nothing-to-change = Nimani oʻzgartirish kerakligi yozilmagan

# Pages: roles and the grid

auth-roles = Rollar
auth-roles-lead = Kim nimani koʻradi va oʻzgartira oladi.
auth-role-kind = Turi
auth-role-members = A’zolar
auth-role-own = Oʻz rolingiz
auth-role-ready = Tayyor
auth-role-new = Yangi rol
auth-role-name = Rol nomi
auth-role-copy = Nusxa olish
auth-role-delete = Oʻchirish
auth-role-delete-ask = Bu rol oʻchirib tashlanadi.
auth-permissions = Ruxsatlar
auth-permission-unknown = Bunday ruxsat yoʻq
auth-verb-read = Koʻrish
auth-verb-create = Qoʻshish
auth-verb-edit = Tahrir
auth-verb-delete = Oʻchirish
auth-verb-export = Eksport
auth-area-sales = Savdo
auth-area-inventory = Mahsulot va ombor
auth-area-purchases = Xaridlar
auth-area-finance = Moliya
auth-area-reports = Hisobotlar
auth-area-users = A’zolar
auth-area-settings = Sozlamalar
auth-area-tickets = Murojaatlar
auth-area-applications = Arizalar
auth-area-surveys = Soʻrovnomalar
auth-area-bots = Botlar
auth-area-broadcast = Ommaviy xabarlar
auth-area-audit = Amallar jurnali

# Pages: API keys

auth-keys = API kalitlar
auth-keys-lead = Boshqa dasturlar shu kalitlar bilan ulanadi.
auth-keys-empty = Hali kalit yoʻq
auth-keys-empty-hint = 1C, sayt yoki kassa dasturi uchun kalit yarating.
auth-key-new = Yangi kalit
auth-key-new-lead = Kalit siz tanlagan ruxsatlardan ortigʻini qila olmaydi. Siz ketsangiz, u ham ishlamaydi.
auth-key-name = Nomi
auth-key-name-help = Qaysi dastur uchun: “1C”, “Sayt”
auth-key-maker = Kim yaratgan
auth-key-used = Oxirgi marta
auth-key-expires = Muddati
auth-key-term = Muddat
auth-key-term-30 = 30 kun
auth-key-term-90 = 90 kun
auth-key-term-365 = 1 yil
auth-key-term-none = Bekor qilinguncha
auth-key-make = Kalit yaratish
auth-key-holds = Amalda
auth-key-expired = Muddati oʻtgan
auth-key-revoked = Bekor qilingan
auth-key-revoked-now = Kalit bekor qilindi
auth-key-revoke = Bekor qilish
auth-key-revoke-ask = “{ $name }” kaliti bilan ulangan dastur shu zahoti toʻxtaydi.
auth-key-shown-once = Kalitni hozir nusxalab oling: u boshqa koʻrsatilmaydi.
auth-key-shown-before = Kalit allaqachon yaratilgan va bir marta koʻrsatilgan. Nusxalab olmagan boʻlsangiz, uni bekor qilib, yangisini yarating.
auth-key-copy = Nusxalash
auth-key-done = Kalitlarga qaytish
