# Configuration

mail-server-wrong = Это не адрес почтового сервера: smtps://user:password@host:465 или smtp://host:587
mail-password-in-the-open = Пароль нельзя передавать без TLS
mail-from-wrong = Это не адрес отправителя: Karvon <no-reply@shop.example>

# Pages

mail-letters = Письма
mail-lead = Что отправлено по электронной почте за последние 30 дней.
mail-lead-console = Почтовый сервер не настроен: письма пишутся в журнал сервера и никому не приходят.
mail-lead-off = Этот сервер не отправляет писем.
mail-empty = Писем пока нет
mail-recipient = Кому
mail-state = Состояние
mail-error = Ответ почтового сервера
mail-posted = Написано
mail-state-queued = Ждёт отправки
mail-state-sent = Отправлено
mail-state-logged = В журнале
mail-state-failed = Не доставлено
