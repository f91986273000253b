## Menu and list
bots-menu = Bots
bots-lead = Assistants that sell in chats: they show your goods, take orders and answer day and night.
bots-name = Bot
bots-bot-name = Name of the bot
bots-name-help = Only your team sees it.
bots-bot = Bot
bots-state = State
bots-state-active = answers
bots-state-paused = paused
bots-state-paused-long = The bot is paused: it keeps what people write and answers nobody.
bots-version = Blueprint version { $version }
bots-channel = Channel
bots-channels = Channels
bots-today = Conversations today
bots-only-simulator = Only the simulator
bots-open = Open
bots-empty = No bots yet
bots-empty-hint = A bot finds goods for your customers and takes their orders, in Telegram and here in the simulator.

## One bot
bots-new = New bot
bots-new-lead = A shop assistant: search, catalog, cart, orders. Try it at once in the simulator, then connect Telegram.
bots-create = Create the bot
bots-created = The bot is ready. Try it in the simulator.
bots-edit = Edit
bots-saved = Saved. The bot says it so from now on.
bots-pause = Pause
bots-pause-confirm = Pause the bot? What people write is kept, and nobody is answered until you resume it.
bots-paused = The bot is paused.
bots-resume = Resume
bots-resumed = The bot answers again.

## What it says of the shop
bots-shop = What the bot says of the shop
bots-shop-name = Name of the shop
bots-shop-about = About the shop
bots-shop-about-help = A few sentences for “About us”.
bots-shop-phone = Phone
bots-shop-address = Address
bots-shop-hours = Opening hours
bots-shop-site = Site
bots-shop-ways = How goods are received
bots-shop-delivers = Delivery
bots-shop-pickup = Pickup
bots-shop-delivery = Price of delivery
bots-shop-delivery-help = Is added to the order. Leave it empty when delivery is free.
bots-shop-delivery-free = free
bots-shop-no-way = Choose delivery, pickup or both: otherwise nobody can order.
bots-shop-delivery-price = The price of delivery must be from 0 to 10 000 000 soʻm

## Channels
bots-simulator = Simulator
bots-simulator-open = Open the simulator
bots-simulator-note = Chat with the bot here, as a customer would. Orders made here are real.
bots-simulator-person = { $name } (test)
bots-simulator-stays = The simulator belongs to the bot and cannot be taken away
bots-telegram = Telegram
bots-telegram-none = Your customers write to the bot there.
bots-channel-live = works
bots-channel-broken = broken
bots-channel-held = suspended
bots-channel-removed = disconnected
bots-channel-none = not connected
bots-connect = Connect Telegram
bots-connect-lead = Your bot answers in Telegram as it does in the simulator.
bots-connect-how = Where to get a token
bots-connect-step-1 = Open @BotFather in Telegram and send /newbot.
bots-connect-step-2 = Give the bot a name and a user name that ends in “bot”.
bots-connect-step-3 = BotFather answers with a token. Copy it whole and paste it here.
bots-connected = @{ $name } is connected.
bots-token = Token
bots-token-help = It is kept encrypted. Give it to nobody: whoever has it can write as your bot.
bots-token-refused = Telegram does not know this token. Copy it from @BotFather once more, whole.
bots-token-connected-already = This Telegram bot is connected already
bots-telegram-unreachable = Telegram could not be reached. Check the server’s network and try again.
bots-telegram-busy = Telegram asks to wait: try again in { $seconds } seconds
bots-telegram-odd = Telegram did not accept this: { $problem }
bots-intake = How messages come
bots-intake-help = Polling works everywhere. A webhook is quicker with many messages, and needs this server to be reachable from Telegram.
bots-intake-polling = Polling
bots-intake-webhook = Webhook
bots-webhook-impossible = Telegram cannot call this server: it has no public HTTPS address. Choose polling.
bots-disconnect = Disconnect
bots-disconnect-confirm = Disconnect this Telegram bot? Customers will get no answers there; conversations stay here.
bots-disconnected = Disconnected. The conversations stay.
bots-retry = Try again
bots-retried = Trying again. Look at the state in a few seconds.
bots-problem-token = Telegram no longer accepts the token: it was revoked. Get a new one from @BotFather, disconnect this channel and connect it anew.
bots-problem-conflict = Another program receives this bot’s messages. Stop it there, then press “Try again”.
bots-problem-other = The channel has stopped: { $problem }

## Conversations
bots-conversations = Conversations
bots-conversations-lead = Who talks with your bots, and what was said.
bots-conversations-latest = Latest conversations
bots-conversations-empty = No conversations yet
bots-conversations-empty-hint = They appear here as soon as somebody writes to a bot.
bots-conversations-search = Name, @username or phone
bots-conversation-bot = with the bot
bots-conversation-person = waits for a person
bots-conversation-blocked = blocked the bot
bots-person = Person
bots-nameless = Without a name
bots-contact = Customer
bots-contact-unknown = has not shared their phone
bots-username = User name
bots-first-at = First message
bots-last-at = Last message
bots-last-said = Said last
bots-said-button = button
bots-said-place = Location
bots-said-file = Picture or file
bots-messages = Messages
bots-messages-none = Nothing was said here
bots-older = Older messages

## What is wrong
bots-blueprint-wrong = The blueprint has mistakes: { $problems }
bots-command-malformed = A command is made of Latin letters, digits and “_”, at most 32
bots-button-malformed = That is no button of this bot
bots-place-malformed = There is no such place
bots-lang-unknown = The language is uz, ru or en
bots-file-size = { $kilobytes } KB
bots-file-missing = 📎 The file { $name } could not be sent. Please ask the shop for it.

# What the server’s operator counts

bots-usage-bots = Bots
bots-usage-messages = Messages this month
