# The log

audit-log = Журнал действий
audit-log-lead = Кто, когда и что изменил. Записи не удаляются.
audit-empty = Пока ничего не сделано
audit-what = Действие
audit-who = Кто
audit-when = Когда
audit-origin = Откуда
audit-entity = Что
audit-action = Имя действия
audit-changes = Изменения
audit-more = ещё { $count }
audit-field = Поле
audit-value = Значение
audit-before = Было
audit-after = Стало
audit-days = Период
audit-days-1 = Сегодня
audit-days-7 = 7 дней
audit-days-30 = 30 дней
audit-days-365 = 1 год

# Who

audit-actor-member = Участник
audit-actor-api-key = API-ключ
audit-actor-service = Служба
audit-actor-bot = Бот
audit-actor-agent = Оператор поддержки
audit-actor-job = Фоновая задача
audit-actor-server = Сервер
audit-actor-guest = Гость

# Which kinds of rows

audit-entity-api-key = API-ключ
audit-entity-bot = Бот
audit-entity-category = Категория
audit-entity-channel = Канал
audit-entity-contact = Контакт
audit-entity-import = Загрузка
audit-entity-invitation = Приглашение
audit-entity-job = Фоновая задача
audit-entity-member = Участник
audit-entity-person = Человек
audit-entity-product = Товар
audit-entity-role = Роль
audit-entity-sales-order = Заказ
audit-entity-session = Сеанс
audit-entity-stock = Остаток
audit-entity-stock-receipt = Приход
audit-entity-vat-rate = Ставка НДС
audit-entity-warehouse = Склад
audit-entity-workspace = Рабочее пространство

# What was done

audit-verb-accept = Принято
audit-verb-act = Оператор работает от имени участника
audit-verb-adjust = Скорректировано
audit-verb-ask-letter = Запрошено письмо
audit-verb-cancel = Отменено
audit-verb-change = Изменено
audit-verb-confirm = Подтверждено
audit-verb-confirm-email = Адрес подтверждён
audit-verb-connect = Подключено
audit-verb-create = Создано
audit-verb-decline = Отклонено
audit-verb-delete = Удалено
audit-verb-disconnect = Отключено
audit-verb-done = Завершено
audit-verb-email = Адрес изменён
audit-verb-end-acting = Оператор закончил
audit-verb-import = Загружено
audit-verb-password = Пароль изменён
audit-verb-picture = Установлено изображение
audit-verb-place = Заказано
audit-verb-post = Проведено
audit-verb-publish = Опубликовано
audit-verb-resend = Отправлено ещё раз
audit-verb-resume = Работа возобновлена
audit-verb-retry = Повторено
audit-verb-revoke = Отозвано
audit-verb-revoke-reused = Завершён: токен обновления пришёл дважды
audit-verb-role = Сменена роль
audit-verb-sign-in = Вход
audit-verb-sign-out = Выход
audit-verb-sign-up = Регистрация
audit-verb-state = Сменилось состояние
audit-verb-suspend = Приостановлено
audit-verb-switch = Открыто пространство
