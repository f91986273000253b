channels-telegram-token-malformed = This is not the token of a Telegram bot. It looks like 123456:AA… and comes from @BotFather
channels-telegram-url-malformed = The address of the Bot API is wrong: { $url }
