# The log

audit-log = Amallar jurnali
audit-log-lead = Kim, qachon, nimani oʻzgartirgan. Yozuvlar oʻchirilmaydi.
audit-empty = Hali hech narsa qilinmagan
audit-what = Amal
audit-who = Kim
audit-when = Qachon
audit-origin = Qayerdan
audit-entity = Nima
audit-action = Amal nomi
audit-changes = Oʻzgarishlar
audit-more = yana { $count } ta
audit-field = Maydon
audit-value = Qiymat
audit-before = Avval
audit-after = Keyin
audit-days = Davr
audit-days-1 = Bugun
audit-days-7 = 7 kun
audit-days-30 = 30 kun
audit-days-365 = 1 yil

# Who

audit-actor-member = A’zo
audit-actor-api-key = API kalit
audit-actor-service = Xizmat
audit-actor-bot = Bot
audit-actor-agent = Yordam operatori
audit-actor-job = Fon ishi
audit-actor-server = Server
audit-actor-guest = Mehmon

# Which kinds of rows

audit-entity-api-key = API kalit
audit-entity-bot = Bot
audit-entity-category = Turkum
audit-entity-channel = Kanal
audit-entity-contact = Kontakt
audit-entity-import = Yuklash
audit-entity-invitation = Taklif
audit-entity-job = Fon ishi
audit-entity-member = A’zo
audit-entity-person = Odam
audit-entity-product = Mahsulot
audit-entity-role = Rol
audit-entity-sales-order = Buyurtma
audit-entity-session = Seans
audit-entity-stock = Qoldiq
audit-entity-stock-receipt = Kirim
audit-entity-vat-rate = QQS stavkasi
audit-entity-warehouse = Ombor
audit-entity-workspace = Ish joyi

# What was done

audit-verb-accept = Qabul qilindi
audit-verb-act = Operator a’zo nomidan ishlamoqda
audit-verb-adjust = Toʻgʻrilandi
audit-verb-ask-letter = Xat soʻraldi
audit-verb-cancel = Bekor qilindi
audit-verb-change = Oʻzgartirildi
audit-verb-confirm = Tasdiqlandi
audit-verb-confirm-email = Manzil tasdiqlandi
audit-verb-connect = Ulandi
audit-verb-create = Yaratildi
audit-verb-decline = Rad etildi
audit-verb-delete = Oʻchirildi
audit-verb-disconnect = Uzildi
audit-verb-done = Tugadi
audit-verb-email = Manzil oʻzgardi
audit-verb-end-acting = Operator tugatdi
audit-verb-import = Yuklandi
audit-verb-password = Parol oʻzgartirildi
audit-verb-picture = Rasm qoʻyildi
audit-verb-place = Buyurtma berildi
audit-verb-post = Oʻtkazildi
audit-verb-publish = Chop etildi
audit-verb-resend = Qayta yuborildi
audit-verb-resume = Yana ishlatildi
audit-verb-retry = Qayta boshlandi
audit-verb-revoke = Bekor qilindi
audit-verb-revoke-reused = Tugatildi: yangilash tokeni ikki marta keldi
audit-verb-role = Roli oʻzgartirildi
audit-verb-sign-in = Tizimga kirdi
audit-verb-sign-out = Tizimdan chiqdi
audit-verb-sign-up = Roʻyxatdan oʻtdi
audit-verb-state = Holati oʻzgardi
audit-verb-suspend = Toʻxtatildi
audit-verb-switch = Ish joyi ochildi
