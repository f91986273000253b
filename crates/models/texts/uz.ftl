## Menyu
models-menu-settings = Til modeli
models-menu-calls = AI soʻrovlari

## Sozlamalar
models-lead = Botlaringizning AI qadamida javob beradigan model. Odamlarning savollari shu yerda tanlangan provayderga yuboriladi.
models-settings = Sozlamalar
models-is-on = Modeldan soʻralsin
models-is-on-help = Odamlarning savollari, ular bilan birga suhbatning oxirgi qismi va bot javob uchun topgan maʼlumotlar bu serverdan provayderga, ehtimol, boshqa davlatga yuboriladi. Shuni bilib yoqing.
models-provider = Provayder
models-provider-openai = OpenAI yoki unga mos
models-provider-gemini = Google Gemini
models-provider-unknown = Bunday provayder yoʻq
models-model = Model
models-model-help = Provayder yozganidek: gpt-4o-mini, gemini-2.5-flash. Avval oʻylab, keyin javob beradigan modellar oʻylashga ham token sarflaydi: ularga kunlik tokenlar koʻproq kerak.
models-model-has-space = Model nomida boʻsh joy boʻlmaydi
models-base-url = Manzil
models-base-url-help = Faqat boshqa server uchun: https://host/v1. Boʻsh boʻlsa, provayderning oʻz manzili.
models-address-not-bare = Manzilda ism, parol, soʻroq belgisi va panjara belgisi boʻlmasin
models-address-not-secure = Manzil https:// bilan boshlanishi kerak, aks holda kalitni yoʻlda oʻqib olish mumkin
models-key = Kalit
models-key-help = Shifrlangan holda saqlanadi va boshqa koʻrsatilmaydi.
models-key-set = Kalit kiritilgan, oxiri { $end }. Oʻzgartirmaslik uchun boʻsh qoldiring.
models-key-again = Provayder yoki manzil oʻzgardi: kalitni qaytadan kiriting
models-key-missing = Kalitsiz hech narsa soʻrab boʻlmaydi
models-key-wrong = Bu kalit emas: 8 tadan 400 tagacha lotin harfi, raqam va belgi, boʻsh joysiz
models-key-remove = Kalitni oʻchirish
models-key-remove-question = Kalit oʻchirilsinmi? Modeldan boshqa soʻralmaydi.
models-key-removed = Kalit oʻchirildi.
models-tokens-per-day = Kuniga tokenlar
models-tokens-per-day-help = Ular tugasa, botlar ertagacha modelsiz javob beradi. 0 boʻlsa, birorta soʻrov yuborilmaydi.
models-tokens-wrong = 0 dan 1 000 000 000 gacha butun son
models-input-price = Bir million kiruvchi token narxi, $
models-output-price = Bir million chiquvchi token narxi, $
models-price-help = Provayder narxlaridan, masalan 0.15 va 0.60. Narxlar boʻlmasa, jurnal faqat tokenlarni sanaydi.
models-price-both = Ikkala narx yoki hech biri
models-saved = Saqlandi.
models-ready = Model yoqilgan.
models-is-off = Model oʻchirilgan: undan soʻralmaydi.
models-not-set = Model tanlanmagan: botlar oʻz bilimlaridan javob beradi.
models-spent-today = Bugun sarflandi
models-spent-of = { $budget } tokendan { $used } tasi
models-reserved-today = Oxiri nomaʼlum soʻrovlar uchun band

## Sinab koʻrish
models-check = Tekshirish
models-check-answered = Model { $ms } ms ichida “{ $answer }” deb javob berdi
models-check-failed = { $why } ({ $ms } ms)

## Nima boʻldi
models-refused-not-set = Til modeli tanlanmagan
models-refused-over-budget = Bugungi tokenlar bu soʻrovga yetmaydi
models-failure-wrong-key = Provayder kalitni qabul qilmadi yoki bu kalit bilan modeldan foydalanib boʻlmaydi
models-failure-key-lost = Saqlangan kalit ochilmadi: serverning maxfiy soʻzi almashtirilgan. Kalitni qaytadan kiriting
models-failure-unknown-model = Provayderda bunday model yoʻq yoki manzil notoʻgʻri
models-failure-too-many = Provayder kutishni soʻrayapti: soʻrovlar juda koʻp
models-failure-unpaid = Provayderdagi hisobda pul qolmagan
models-failure-overloaded = Provayder band yoki ishlamayapti
models-failure-unreachable = Bu manzilda provayderga ulanib boʻlmadi
models-failure-refused-address = Manzil ichki tarmoqqa olib boradi. Bunga server egasi ruxsat berishi mumkin
models-failure-timed-out = Provayder juda uzoq javob berdi
models-failure-blocked = Provayder filtri savol yoki javobni oʻtkazmadi
models-failure-rejected = Provayder soʻrovni qabul qilmadi: u juda uzun yoki bu modelning imkoniyatidan tashqarida
models-failure-not-valid = Provayderdan kelgan narsa javob emas

## Soʻrovlar
models-calls-lead = Oxirgi 90 kunda modellardan nima soʻralgani va u qanchaga tushgani.
models-calls = Soʻrovlar
models-calls-empty = Hali soʻrovlar yoʻq
models-calls-empty-hint = Bu yerda modelga berilgan har bir savol, uning javobi va narxi koʻrinadi.
models-call = Soʻrov
models-call-number = { $number }-soʻrov
models-at = Qachon
models-state = Holati
models-state-begun = davom etmoqda
models-state-answered = javob berdi
models-state-failed = javobsiz
models-state-refused = token yetmadi
models-state-unknown = nomaʼlum
models-state-wrong = Bunday holat yoʻq
models-unknown-help = Bu soʻrov paytida server toʻxtagan yoki oxirini hech kim kutmagan. Tokenlari oʻsha kun uchun band boʻlib qoladi.
models-purpose = Maqsadi
models-purpose-check = Sozlamalarni tekshirish
models-purpose-assistant = Chatdagi yordamchi
models-label = Kim soʻradi
models-input-tokens = Kiruvchi tokenlar
models-output-tokens = Chiquvchi tokenlar
models-estimated = taxminan { $tokens }
models-cost = Narxi
models-cost-note = oʻsha vaqtdagi narxlar boʻyicha
models-duration = Vaqti, ms
models-took = { $ms } ms
models-tools = Vositalar
models-question = Savol
models-answer = Javob
