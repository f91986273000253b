channels-telegram-token-malformed = Это не ключ бота Telegram. Он выглядит как 123456:AA…, его выдаёт @BotFather
channels-telegram-url-malformed = Неверный адрес Bot API: { $url }
