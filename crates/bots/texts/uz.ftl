## Menu and list
bots-menu = Botlar
bots-lead = Chatda sotuvchi yordamchilar: mahsulotlarni koʻrsatadi, buyurtma oladi va kecha-yu kunduz javob beradi.
bots-name = Bot
bots-bot-name = Bot nomi
bots-name-help = Faqat jamoangiz koʻradi.
bots-bot = Bot
bots-state = Holati
bots-state-active = javob beryapti
bots-state-paused = toʻxtatilgan
bots-state-paused-long = Bot toʻxtatilgan: yozilganlar saqlanadi, lekin hech kimga javob berilmaydi.
bots-version = Ssenariy, { $version }-versiya
bots-channel = Kanal
bots-channels = Kanallar
bots-today = Bugungi suhbatlar
bots-only-simulator = Faqat simulyator
bots-open = Ochish
bots-empty = Hali botlar yoʻq
bots-empty-hint = Bot mijozlaringizga mahsulot topib beradi va buyurtma oladi: Telegramda ham, shu yerdagi simulyatorda ham.

## One bot
bots-new = Yangi bot
bots-new-lead = Doʻkon yordamchisi: qidiruv, katalog, savat, buyurtmalar. Avval simulyatorda sinab koʻring, keyin Telegramga ulang.
bots-create = Botni yaratish
bots-created = Bot tayyor. Uni simulyatorda sinab koʻring.
bots-edit = Tahrirlash
bots-saved = Saqlandi. Endi bot shunday javob beradi.
bots-pause = Toʻxtatish
bots-pause-confirm = Bot toʻxtatilsinmi? Xabarlar saqlanadi, lekin uni qayta yoqmaguningizcha hech kim javob olmaydi.
bots-paused = Bot toʻxtatildi.
bots-resume = Yoqish
bots-resumed = Bot yana javob beryapti.

## What it says of the shop
bots-shop = Bot doʻkon haqida nima deydi
bots-shop-name = Doʻkon nomi
bots-shop-about = Doʻkon haqida
bots-shop-about-help = “Biz haqimizda” boʻlimi uchun bir necha jumla.
bots-shop-phone = Telefon
bots-shop-address = Manzil
bots-shop-hours = Ish vaqti
bots-shop-site = Sayt
bots-shop-ways = Buyurtma qanday olinadi
bots-shop-delivers = Yetkazib berish
bots-shop-pickup = Olib ketish
bots-shop-delivery = Yetkazib berish narxi
bots-shop-delivery-help = Buyurtma summasiga qoʻshiladi. Bepul boʻlsa, boʻsh qoldiring.
bots-shop-delivery-free = bepul
bots-shop-no-way = Yetkazib berish, olib ketish yoki ikkalasini tanlang: aks holda hech kim buyurtma bera olmaydi.
bots-shop-delivery-price = Yetkazib berish narxi 0 dan 10 000 000 soʻmgacha boʻlishi kerak

## Channels
bots-simulator = Simulyator
bots-simulator-open = Simulyatorni ochish
bots-simulator-note = Bot bilan shu yerda xaridor kabi yozishib koʻring. Bu yerdagi buyurtmalar haqiqiy.
bots-simulator-person = { $name } (sinov)
bots-simulator-stays = Simulyator botning oʻziga tegishli, uni olib tashlab boʻlmaydi
bots-telegram = Telegram
bots-telegram-none = Mijozlaringiz botga shu yerda yozadi.
bots-channel-live = ishlayapti
bots-channel-broken = ishlamayapti
bots-channel-held = toʻxtatilgan
bots-channel-removed = uzilgan
bots-channel-none = ulanmagan
bots-connect = Telegramga ulash
bots-connect-lead = Bot Telegramda ham simulyatordagidek javob beradi.
bots-connect-how = Tokenni qayerdan olish mumkin
bots-connect-step-1 = Telegramda @BotFather botini oching va /newbot deb yozing.
bots-connect-step-2 = Botga nom va “bot” bilan tugaydigan foydalanuvchi nomini bering.
bots-connect-step-3 = BotFather token yuboradi. Uni toʻliq nusxalab, shu yerga qoʻying.
bots-connected = @{ $name } ulandi.
bots-token = Token
bots-token-help = Shifrlangan holda saqlanadi. Hech kimga bermang: token kimda boʻlsa, u botingiz nomidan yoza oladi.
bots-token-refused = Telegram bu tokenni tanimadi. Uni @BotFather’dan qaytadan, toʻliq nusxalang.
bots-token-connected-already = Bu Telegram bot allaqachon ulangan
bots-telegram-unreachable = Telegram bilan bogʻlanib boʻlmadi. Server tarmogʻini tekshirib, qayta urinib koʻring.
bots-telegram-busy = Telegram kutishni soʻrayapti: { $seconds } soniyadan keyin urinib koʻring
bots-telegram-odd = Telegram buni qabul qilmadi: { $problem }
bots-intake = Xabarlar qanday keladi
bots-intake-help = Soʻrov usuli hamma joyda ishlaydi. Xabar koʻp boʻlsa, vebhuk tezroq, lekin Telegram bu serverga yeta olishi kerak.
bots-intake-polling = Soʻrov
bots-intake-webhook = Vebhuk
bots-webhook-impossible = Telegram bu serverga murojaat qila olmaydi: unda ochiq HTTPS manzil yoʻq. Soʻrov usulini tanlang.
bots-disconnect = Uzish
bots-disconnect-confirm = Bu Telegram bot uzilsinmi? Mijozlar u yerda javob olmaydi; suhbatlar shu yerda qoladi.
bots-disconnected = Uzildi. Suhbatlar saqlanib qoldi.
bots-retry = Qayta urinish
bots-retried = Qayta urinilyapti. Bir necha soniyadan keyin holatiga qarang.
bots-problem-token = Telegram tokenni endi qabul qilmayapti: u bekor qilingan. @BotFather’dan yangisini oling, bu kanalni uzing va qaytadan ulang.
bots-problem-conflict = Bu botning xabarlarini boshqa dastur olyapti. Uni toʻxtating, soʻng “Qayta urinish” tugmasini bosing.
bots-problem-other = Kanal toʻxtadi: { $problem }

## Conversations
bots-conversations = Suhbatlar
bots-conversations-lead = Botlaringizga kim yozyapti va nima haqida gaplashildi.
bots-conversations-latest = Oxirgi suhbatlar
bots-conversations-empty = Hali suhbatlar yoʻq
bots-conversations-empty-hint = Kimdir botga yozishi bilan shu yerda koʻrinadi.
bots-conversations-search = Ism, @nom yoki telefon
bots-conversation-bot = bot javob beryapti
bots-conversation-person = odamni kutyapti
bots-conversation-blocked = botni bloklagan
bots-person = Suhbatdosh
bots-nameless = Nomsiz
bots-contact = Mijoz
bots-contact-unknown = telefonini ulashmagan
bots-username = Foydalanuvchi nomi
bots-first-at = Birinchi xabar
bots-last-at = Oxirgi xabar
bots-last-said = Oxirgi soʻzi
bots-said-button = tugma
bots-said-place = Joylashuv
bots-said-file = Rasm yoki fayl
bots-messages = Xabarlar
bots-messages-none = Bu yerda hech narsa yozilmagan
bots-older = Oldingi xabarlar

## What is wrong
bots-blueprint-wrong = Ssenariyda xatolar bor: { $problems }
bots-command-malformed = Buyruq lotin harflari, raqamlar va “_” belgisidan iborat, koʻpi bilan 32 ta
bots-button-malformed = Bu botda bunday tugma yoʻq
bots-place-malformed = Bunday joy yoʻq
bots-lang-unknown = Til uz, ru yoki en boʻladi
bots-file-size = { $kilobytes } KB
bots-file-missing = 📎 { $name } faylini yuborib boʻlmadi. Uni doʻkondan soʻrang.

# What the server’s operator counts

bots-usage-bots = Botlar
bots-usage-messages = Shu oydagi xabarlar
