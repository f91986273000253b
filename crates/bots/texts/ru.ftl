## Menu and list
bots-menu = Боты
bots-lead = Помощники, которые продают в чатах: показывают товары, принимают заказы и отвечают круглые сутки.
bots-name = Бот
bots-bot-name = Название бота
bots-name-help = Видит только ваша команда.
bots-bot = Бот
bots-state = Состояние
bots-state-active = отвечает
bots-state-paused = на паузе
bots-state-paused-long = Бот на паузе: он хранит то, что пишут люди, и никому не отвечает.
bots-version = Сценарий, версия { $version }
bots-channel = Канал
bots-channels = Каналы
bots-today = Диалогов сегодня
bots-only-simulator = Только симулятор
bots-open = Открыть
bots-empty = Ботов пока нет
bots-empty-hint = Бот находит товары для ваших клиентов и принимает их заказы — в Telegram и здесь, в симуляторе.

## One bot
bots-new = Новый бот
bots-new-lead = Помощник магазина: поиск, каталог, корзина, заказы. Сразу попробуйте его в симуляторе, затем подключите Telegram.
bots-create = Создать бота
bots-created = Бот готов. Попробуйте его в симуляторе.
bots-edit = Изменить
bots-saved = Сохранено. Теперь бот отвечает так.
bots-pause = Пауза
bots-pause-confirm = Поставить бота на паузу? Сообщения сохранятся, но никто не получит ответа, пока вы его не включите.
bots-paused = Бот на паузе.
bots-resume = Включить
bots-resumed = Бот снова отвечает.

## What it says of the shop
bots-shop = Что бот говорит о магазине
bots-shop-name = Название магазина
bots-shop-about = О магазине
bots-shop-about-help = Несколько предложений для раздела «О нас».
bots-shop-phone = Телефон
bots-shop-address = Адрес
bots-shop-hours = Часы работы
bots-shop-site = Сайт
bots-shop-ways = Как получить заказ
bots-shop-delivers = Доставка
bots-shop-pickup = Самовывоз
bots-shop-delivery = Стоимость доставки
bots-shop-delivery-help = Прибавляется к заказу. Оставьте пустым, если доставка бесплатная.
bots-shop-delivery-free = бесплатно
bots-shop-no-way = Выберите доставку, самовывоз или оба: иначе никто не сможет заказать.
bots-shop-delivery-price = Стоимость доставки — от 0 до 10 000 000 сумов

## Channels
bots-simulator = Симулятор
bots-simulator-open = Открыть симулятор
bots-simulator-note = Пишите боту здесь, как покупатель. Заказы отсюда настоящие.
bots-simulator-person = { $name } (проверка)
bots-simulator-stays = Симулятор принадлежит боту, убрать его нельзя
bots-telegram = Telegram
bots-telegram-none = Там боту пишут ваши клиенты.
bots-channel-live = работает
bots-channel-broken = не работает
bots-channel-held = приостановлен
bots-channel-removed = отключён
bots-channel-none = не подключён
bots-connect = Подключить Telegram
bots-connect-lead = Бот будет отвечать в Telegram так же, как в симуляторе.
bots-connect-how = Где взять токен
bots-connect-step-1 = Откройте в Telegram @BotFather и отправьте /newbot.
bots-connect-step-2 = Дайте боту имя и имя пользователя, которое кончается на «bot».
bots-connect-step-3 = BotFather ответит токеном. Скопируйте его целиком и вставьте сюда.
bots-connected = @{ $name } подключён.
bots-token = Токен
bots-token-help = Хранится зашифрованным. Никому его не давайте: с ним можно писать от имени вашего бота.
bots-token-refused = Telegram не знает такого токена. Скопируйте его у @BotFather ещё раз, целиком.
bots-token-connected-already = Этот бот Telegram уже подключён
bots-telegram-unreachable = Не удалось связаться с Telegram. Проверьте сеть сервера и попробуйте ещё раз.
bots-telegram-busy = Telegram просит подождать: попробуйте через { $seconds } с
bots-telegram-odd = Telegram этого не принял: { $problem }
bots-intake = Как приходят сообщения
bots-intake-help = Опрос работает везде. Вебхук быстрее, когда сообщений много, но Telegram должен достучаться до этого сервера.
bots-intake-polling = Опрос
bots-intake-webhook = Вебхук
bots-webhook-impossible = Telegram не может обратиться к этому серверу: у него нет открытого адреса HTTPS. Выберите опрос.
bots-disconnect = Отключить
bots-disconnect-confirm = Отключить этого бота Telegram? Клиенты не получат там ответов; диалоги останутся здесь.
bots-disconnected = Отключено. Диалоги сохранились.
bots-retry = Попробовать снова
bots-retried = Пробуем снова. Посмотрите на состояние через несколько секунд.
bots-problem-token = Telegram больше не принимает токен: его отозвали. Возьмите новый у @BotFather, отключите этот канал и подключите заново.
bots-problem-conflict = Сообщения этого бота получает другая программа. Остановите её, затем нажмите «Попробовать снова».
bots-problem-other = Канал остановился: { $problem }

## Conversations
bots-conversations = Диалоги
bots-conversations-lead = Кто пишет вашим ботам и о чём шла речь.
bots-conversations-latest = Последние диалоги
bots-conversations-empty = Диалогов пока нет
bots-conversations-empty-hint = Они появятся, как только кто-нибудь напишет боту.
bots-conversations-search = Имя, @имя или телефон
bots-conversation-bot = отвечает бот
bots-conversation-person = ждёт человека
bots-conversation-blocked = заблокировал бота
bots-person = Собеседник
bots-nameless = Без имени
bots-contact = Клиент
bots-contact-unknown = не поделился телефоном
bots-username = Имя пользователя
bots-first-at = Начало диалога
bots-last-at = Последний раз
bots-last-said = Последние слова
bots-said-button = кнопка
bots-said-place = Место на карте
bots-said-file = Картинка или файл
bots-messages = Сообщения
bots-messages-none = Здесь ничего не сказано
bots-older = Более ранние сообщения

## What is wrong
bots-blueprint-wrong = В сценарии ошибки: { $problems }
bots-command-malformed = Команда состоит из латинских букв, цифр и «_», не больше 32
bots-button-malformed = У этого бота нет такой кнопки
bots-place-malformed = Такого места нет
bots-lang-unknown = Язык — uz, ru или en
bots-file-size = { $kilobytes } КБ
bots-file-missing = 📎 Файл { $name } не удалось отправить. Попросите его в магазине.

# What the server’s operator counts

bots-usage-bots = Боты
bots-usage-messages = Сообщения за месяц
