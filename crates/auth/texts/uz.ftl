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
auth-wait = { $minutes ->
    [0] Urinishlar juda koʻp. { $seconds } soniyadan keyin qayta urinib koʻring
   *[other] Urinishlar juda koʻp. { $minutes } daqiqadan keyin qayta urinib koʻring
}
auth-sign-up-closed = Bu serverda roʻyxatdan oʻtish yopiq. Administratorga murojaat qiling
auth-sign-in-workspace-unknown = Siz kiradigan bunday ish joyi yoʻq
auth-refresh-refused = Seans tugagan. Qayta kiring
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

auth-key-kind-unknown = Turi “api_key” yoki “service” boʻlsin
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
auth-session-since-token = { $at } dan beri, token bilan (API)
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
auth-member-add-lead = Pochtasi yoʻqlar uchun yoki birinchi parolni oʻzingiz bermoqchi boʻlsangiz. Boshqalarni taklif qilgan ma’qul.
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
auth-invitation-withdraw = Qaytarib olish
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
auth-key-kind = Kim uchun
auth-key-kind-api = Tashqi tizim (API kalit)
auth-key-kind-service = Tashqi bot (xizmat tokeni)
auth-key-kind-help = Tashqi bot tokenni X-SERVICE-TOKEN sarlavhasida yuboradi.
auth-key-sent-as = Soʻrovlarda { $header } sarlavhasida yuboriladi.
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

# Letters, links, addresses

auth-link-title = Havola
auth-link-closed = Bu havola ishlatib boʻlingan, eskirgan yoki toʻliq emas. Yangisini soʻrang
auth-forgot = Parolni unutdingizmi?
auth-forgot-lead = Elektron pochtangizga havola yuboramiz, u orqali yangi parol qoʻyasiz.
auth-forgot-send = Havolani yuborish
auth-forgot-sent = Shunday login bor va unga pochta biriktirilgan boʻlsa, xat yoʻlga chiqdi. Havola bir soat amal qiladi.
auth-forgot-no-mail = Bu server xat yubormaydi. Yangi parol uchun administratoringizga murojaat qiling
auth-reset = Yangi parol
auth-reset-lead = Barcha seanslaringiz tugaydi, keyin yangi parol bilan kirasiz.
auth-reset-set = Parolni qoʻyish
auth-reset-done = Parol qoʻyildi. Endi u bilan kiring
auth-sign-up-sent = Pochtangizni tekshiring: xat yubordik. Undagi havola bir kun amal qiladi. Xat kelmadimi? Spam jildiga qarang yoki qaytadan roʻyxatdan oʻting.
auth-confirm = Manzilni tasdiqlash
auth-confirm-ask = { $email } sizning manzilingizmi?
auth-confirm-button = Ha, tasdiqlayman
auth-confirm-sign-up = { $email } manzili sizniki. Yana bir qadam qoldi.
auth-confirm-sign-up-button = Ish joyimni ochish
auth-confirmed = { $email } manzili tasdiqlandi
auth-email-tab = Pochta
auth-email-none = Sizda hali elektron pochta yoʻq
auth-email-none-yet = Sizda hali elektron pochta yoʻq. U boʻlsa, unutilgan parolni oʻzingiz tiklay olasiz.
auth-email-confirmed = { $email }: tasdiqlangan
auth-email-unconfirmed = { $email }: hali tasdiqlanmagan. Xatimizdagi havolani oching.
auth-email-present = Manzilingiz: { $email }
auth-email-confirmed-before = Manzilingiz allaqachon tasdiqlangan
auth-email-same = Bu oʻzi sizning manzilingiz
auth-email-sent = Xat yoʻlga chiqdi. Undagi havolani bir kun ichida oching
auth-email-new = Yangi elektron pochta
auth-email-new-help = Shu manzilga boradigan xatdagi havolani ochganingizdan keyin u bilan kirasiz.
auth-email-new-help-no-mail = Endi shu manzil bilan kirasiz.
auth-email-change = Manzilni oʻzgartirish
auth-not-while-acting = Bu a’zoning shaxsiy ishi: uning nomidan ishlayotgan operator buni qila olmaydi

# Invitations

auth-invitations = Takliflar
auth-invitations-empty = Hozir hech kim taklif qilinmagan
auth-invitations-empty-hint = Hamkasblaringizni pochta yoki havola orqali taklif qiling.
auth-invited = Kim
auth-invite = Taklif qilish
auth-invite-lead = Manzilga xat bilan yoki oʻzingiz yetkazadigan havola bilan. Bir hafta amal qiladi.
auth-invite-lead-link = Havola beriladi, uni oʻzingiz yetkazasiz: bu server xat yubormaydi. Bir hafta amal qiladi.
auth-invite-email-help = Boʻsh qoldirsangiz, havola kimning qoʻliga tegsa, oʻsha bir marta ishlata oladi.
auth-invited-already = Bu manzil allaqachon taklif qilingan. Roʻyxatdan qayta yuboring
auth-invitations-too-many = Bir vaqtda { $most } tadan ortiq taklif boʻlmaydi. Avval ayrimlarini qaytarib oling
auth-invitation-anybody = Havola kimda boʻlsa
auth-invitation-until = Amal qiladi
auth-invitation-pending = Kutilmoqda
auth-invitation-ended = Muddati oʻtgan
auth-invitation-resend = Qayta yuborish
auth-invitation-sent = { $email } manziliga taklif yuborildi
auth-invitation-link = Taklif havolasi
auth-invitation-link-for-one = Havolani hozir nusxalab, { $email } egasiga yetkazing: u boshqa koʻrsatilmaydi. Undan faqat shu odam foydalana oladi.
auth-invitation-link-for-any = Havolani hozir nusxalang: u boshqa koʻrsatilmaydi. U bilan bir marta qoʻshilish mumkin, faqat kerakli odamga bering.
auth-invitation-link-done = Takliflarga qaytish
auth-invitation-shown-before = Havola avval yaratilgan va koʻrsatilgan. Nusxalab olmagan boʻlsangiz, taklifni qayta yuboring.
auth-invitation-asks = { $inviter } sizni “{ $workspace }” ish joyiga taklif qilmoqda. Rol: { $role }.
auth-invitation-join = Qoʻshilish
auth-invitation-join-as = Siz { $name } boʻlib kirgansiz
auth-invitation-joined = Xush kelibsiz: endi siz a’zosiz
auth-invitation-has-sign-in = Hisobingiz bormi? Kirib, qoʻshiling
auth-invitation-sign-in = Bu manzil bilan hisob bor. Avval kiring, keyin havolani qayta oching
auth-invitation-closed = Bu taklif ishlatib boʻlingan, qaytarib olingan yoki muddati oʻtgan. Yangisini soʻrang
auth-invitation-of-another = Bu taklif { $email } uchun. Shu manzil bilan kiring
auth-invitation-void = Sizni taklif qilgan odam endi bu rolni bera olmaydi. Yangi taklif soʻrang
auth-member-invite-instead = Bu manzil bilan hisob bor. Uni taklif qiling, paroli oʻzida qoladi

# Letters

auth-letter-not-you = Agar bu siz boʻlmasangiz, hech narsa qilmang: havola ochilmasa, hech narsa oʻzgarmaydi.
auth-letter-day = Havola bir kun amal qiladi va bir marta ochiladi.
auth-letter-hour = Havola bir soat amal qiladi va bir marta ochiladi.
auth-letter-week = Havola bir hafta amal qiladi va bir marta ochiladi.
auth-letter-sign-up-subject = Manzilni tasdiqlang, ish joyingiz ochiladi
auth-letter-sign-up = Siz Karvonda roʻyxatdan oʻtyapsiz. Manzil sizniki ekanini tasdiqlang, shunda ish joyingiz ochiladi.
auth-letter-sign-up-link = Tasdiqlash va ochish
auth-letter-has-subject = Sizda allaqachon hisob bor
auth-letter-has = Kimdir, ehtimol siz, shu manzil bilan Karvonda roʻyxatdan oʻtmoqchi boʻldi. Bu manzil bilan hisobingiz bor.
auth-letter-has-forgot = Parolingiz bilan kiring. Unutgan boʻlsangiz, kirish sahifasidan yangi parol uchun havola soʻrang.
auth-letter-has-link = Kirish
auth-letter-confirm-subject = Elektron pochtangizni tasdiqlang
auth-letter-confirm = Bu manzil sizniki ekanini tasdiqlang: Karvonga shu manzil bilan kirasiz.
auth-letter-confirm-link = Manzilni tasdiqlash
auth-letter-changed-subject = Kirish manzilingiz oʻzgardi
auth-letter-changed = Endi Karvonga bu manzil bilan emas, { $email } bilan kirasiz.
auth-letter-changed-not-you = Agar buni siz qilmagan boʻlsangiz, darhol ish joyingiz administratoriga ayting.
auth-letter-reset-subject = Yangi parol qoʻying
auth-letter-reset = Kimdir, ehtimol siz, Karvon parolini unutganini bildirdi. Shu havola orqali yangisini qoʻying.
auth-letter-reset-link = Yangi parol qoʻyish
auth-letter-set-subject = Parolingiz yangilandi
auth-letter-set = Xatdagi havola orqali Karvon hisobingizga yangi parol qoʻyildi. Barcha seanslar tugatildi.
auth-letter-set-not-you = Agar buni siz qilmagan boʻlsangiz, darhol boshqasini qoʻying: kirish sahifasidagi “Parolni unutdingizmi?”.
auth-letter-invitation-subject = Sizni “{ $workspace }” ish joyiga taklif qilishmoqda
auth-letter-invitation = { $inviter } sizni Karvondagi “{ $workspace }” ish joyida ishlashga taklif qilmoqda.
auth-letter-invitation-link = Taklifni koʻrish
auth-letter-invitation-not-you = Bu kim ekanini bilmasangiz, hech narsa qilmang.

# The operator's console

auth-operator = Serverdagi ish joylari
auth-operator-lead = Bu serverda kimlar ishlaydi, ularda nima bor va qancha mumkin.
auth-operator-search = Nomi yoki manzili
auth-operator-activity = Oxirgi harakat
auth-operator-since = Qachondan beri
auth-operator-works = Ishlayapti
auth-operator-suspended = Toʻxtatilgan
auth-operator-why = Toʻxtatilgan. Sababi: { $why }
auth-operator-limits = Chegaralar
auth-operator-limits-lead = Boʻsh boʻlsa, cheklanmaydi. Chegaradan oshib boʻlgani oʻz joyida qoladi.
auth-operator-suspend = Toʻxtatish
auth-operator-suspend-lead = A’zolar faqat siz yozgan sababni koʻradi, kalitlar ishlamaydi, botlar jim turadi. Hech narsa oʻchirilmaydi.
auth-operator-resume = Yana ishlatish
auth-operator-act = A’zo nomidan ishlash
auth-operator-act-lead = Koʻpi bilan bir soat. Qilganlaringiz ish joyining jurnaliga ikkala ism bilan yoziladi. Parol va kalitlarga tegib boʻlmaydi.
auth-operator-member = A’zo
auth-reason = Sabab
auth-reason-missing = Sababini yozing
auth-reason-members-read = Uni a’zolar oʻqiydi.
auth-reason-in-log = U ish joyining jurnalida qoladi.
auth-limit-bots = Botlar
auth-limit-contacts = Kontaktlar
auth-limit-contacts-help = A’zolar yozadigan kontaktlar uchun. Chatdan kelgan mijozga hech qachon rad javobi berilmaydi.
auth-limit-too-small = Kamida { $least }
auth-suspended-already = Bu ish joyi allaqachon toʻxtatilgan
auth-suspended-not = Bu ish joyi toʻxtatilmagan
auth-act-not-as = Boshqa, faol a’zoni tanlang
