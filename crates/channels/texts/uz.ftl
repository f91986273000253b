channels-telegram-token-malformed = Bu Telegram bot kaliti emas. U 123456:AA… koʻrinishida boʻladi va @BotFather beradi
channels-telegram-url-malformed = Bot API manzili notoʻgʻri: { $url }
