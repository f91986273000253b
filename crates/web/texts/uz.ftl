# The frame around every page

web-skip = Asosiy qismga oʻtish
web-menu = Menyu
web-menu-home = Bosh sahifa
web-menu-sales = Savdo
web-menu-goods = Mahsulot va ombor
web-menu-bots = Botlar
web-menu-desk = Murojaatlar
web-menu-books = Hisob
web-menu-settings = Sozlamalar
web-crumbs = Sahifagacha yoʻl
web-account = Hisobim
web-profile = Profil
web-workspaces = Boshqa ish joyi
web-workspaces-own = Ish joylari
web-operator = Operator boshqaruvi
web-banner-unconfirmed = { $email } manzilini tasdiqlang: xatimizdagi havolani oching.
web-banner-send-again = Qayta yuborish
web-banner-acting = Siz { $until } gacha { $member } nomidan ishlayapsiz. Jurnalda ikkala ism yoziladi.
web-banner-acting-end = Tugatish
web-suspended = “{ $workspace }” ish joyi server operatori tomonidan toʻxtatib qoʻyilgan. Sababi: { $why }
web-sign-out = Chiqish
web-language = Til
web-theme = Yorugʻ yoki qorongʻi koʻrinish
web-offline = Tarmoq yoʻq. Yozganlaringiz shu yerda qoladi.
web-loading = Yuklanmoqda…
web-needs-script = Bu sahifa JavaScript bilan ishlaydi.

# Buttons and fields

web-save = Saqlash
web-cancel = Ortga
web-confirm-no = Yoʻq, qolsin
web-close = Yopish
web-actions = Amallar
web-optional = ixtiyoriy
web-choose = Tanlang
web-choose-file = Faylni tanlang yoki shu yerga tashlang
web-show-password = Parolni koʻrsatish
web-som = soʻm

# Lists

web-list-empty = Hozircha hech narsa yoʻq
web-list-nothing = Hech narsa topilmadi
web-list-nothing-hint = Boshqacha yozib koʻring yoki filtrlarni olib tashlang.
web-list-clear = Filtrlarni tozalash
web-list-order = Tartib
web-list-show = Koʻrsatish
web-days = Sana
web-days-all = Barcha kunlar
web-days-today = Bugun
web-days-week = Shu hafta
web-days-month = Shu oy
web-days-last-month = Oʻtgan oy
web-days-from = Shu kundan
web-days-until = Shu kungacha
web-days-reversed = Oxirgi kun birinchi kundan oldin turibdi.
web-period-too-long = Davr 2000–2099 yillar ichida va { $days } kundan oshmasligi kerak
web-chart-table = Kunlar jadvali
web-chart-day = Kun
web-share-of = { $whole } tadan { $part } ta
web-share-more = Yana { $count } ta
web-pages = Sahifalar
web-previous = Oldingi
web-next = Keyingi
web-export = Yuklab olish
web-export-csv = CSV fayl
web-export-xlsx = Excel fayl (XLSX)
web-export-too-long = Roʻyxatda { $count } ta qator bor, bitta faylga koʻpi bilan { $most } tasi sigʻadi: filtr bilan qisqartiring

# Lines of a document

web-line-product = Mahsulot
web-line-search = Nomi, kodi yoki shtrix-kodi
web-line-quantity = Miqdor
web-line-unit = Oʻlchov birligi
web-line-price = Narx
web-line-discount = Chegirma, %
web-line-sum = Summa
web-line-add = Qator qoʻshish
web-line-remove = Qatorni olib tashlash
web-lines-total = Jami

# Pages that say no

web-go-home = Bosh sahifaga
web-go-back = Orqaga
web-request-id = Murojaat raqami: { $id }
web-error-invalid-title = Soʻrov notoʻgʻri
web-error-unauthenticated-title = Avval tizimga kiring
web-error-forbidden-title = Sizga ruxsat berilmagan
web-error-not-found-title = Sahifa topilmadi
web-error-conflict-title = Bu amal hozir mumkin emas
web-error-too-much-title = Juda koʻp soʻrov
web-error-busy-title = Server band
web-error-internal-title = Bizda xatolik yuz berdi

# The script of every page

web-js-close = Yopish
web-js-combobox-empty = Hech narsa topilmadi
web-js-confirm-title = Ishonchingiz komilmi?
web-js-confirm-yes = Ha
web-js-copied = Nusxalandi
web-js-copy-failed = Nusxalab boʻlmadi
web-js-failed = Bajarib boʻlmadi. Birozdan keyin qayta urinib koʻring.
web-js-network-lost = Tarmoq uzildi. Maʼlumotlaringiz joyida, qayta yuborib koʻring.
web-js-signed-out = Seans tugadi. Boshqa oynada tizimga kiring va qayta yuboring.

# The simulator

web-sim-bot = Bot
web-sim-buttons = Xabar tugmalari
web-sim-chat = Bot bilan suhbat
web-sim-commands = Buyruqlar
web-sim-connecting = ulanmoqda…
web-sim-edited = tahrirlangan
web-sim-empty = Suhbatni boshlash uchun /start yozing
web-sim-file = Fayl
web-sim-keyboard = Tugmalar
web-sim-language = Foydalanuvchi tili
web-sim-location = Joylashuv
web-sim-log = Xabarlar
web-sim-my-contact = Mening kontaktim
web-sim-new-person = Yangi odam sifatida
web-sim-no-variables = Hozircha oʻzgaruvchi yoʻq
web-sim-person = Kim yozmoqda
web-sim-photo = Rasm
web-sim-placeholder = Xabar yozing
web-sim-restart = Qaytadan boshlash
web-sim-retry = Qayta yuborish
web-sim-send = Yuborish
web-sim-session = Seans
web-sim-share = Ulashish
web-sim-share-contact = Kontaktni ulashish
web-sim-share-location = Joylashuvni ulashish
web-sim-step = Qadam
web-sim-typing = yozmoqda…
web-sim-variables = Oʻzgaruvchilar
web-sim-you = Siz

# The page of the API

web-api-answers = Javoblar
web-api-body = Soʻrov tanasi
web-api-copy = Nusxalash
web-api-key = API kalit
web-api-key-help = Kalitsiz soʻrovlar sizning huquqlaringiz bilan yuboriladi. Kalit faqat shu oynada saqlanadi.
web-api-nothing = Bunday amal yoʻq
web-api-other = Boshqalar
web-api-reload = Qayta yuklash
web-api-search = Yoʻl, amal yoki boʻlim
web-api-send = Yuborish

# Requests that are refused before anybody decides

web-api-title = API
web-method-not-allowed = Bu manzil bunday soʻrovni qabul qilmaydi
web-request-malformed = Soʻrov notoʻgʻri tuzilgan
web-body-too-large = Yuborilgan maʼlumot juda katta
web-body-not-json = Soʻrov JSON boʻlishi kerak
web-body-malformed = JSON notoʻgʻri yozilgan
web-field-missing = Bu maydon toʻldirilishi shart
web-field-unknown = Bunday maydon yoʻq
web-field-type = Qiymatning turi notoʻgʻri
web-form-not-ours = Forma bizning sahifadan yuborilmagan. Sahifani yangilab, qayta urinib koʻring
web-form-expired = Sahifa juda uzoq ochiq turdi. Uni yangilab, qayta yuboring
web-form-again = Sahifa juda uzoq ochiq turdi, shuning uchun hech narsa saqlanmadi. Yozganlaringizni koʻrib chiqib, qayta yuboring
web-button-again = Sahifa juda uzoq ochiq turdi, shuning uchun hech narsa bajarilmadi. U yangidan ochildi: qayta urinib koʻring
web-idempotency-key-malformed = Idempotency-Key notoʻgʻri
web-idempotency-key-reused = Bu Idempotency-Key boshqa soʻrov bilan ishlatilgan
web-idempotency-key-in-use = Xuddi shu soʻrov hozir bajarilmoqda, birozdan soʻng qayta soʻrang
