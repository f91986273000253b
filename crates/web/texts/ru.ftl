# The frame around every page

web-skip = Перейти к содержанию
web-menu = Меню
web-menu-home = Главная
web-menu-sales = Продажи
web-menu-goods = Товары и склад
web-menu-bots = Боты
web-menu-desk = Обращения
web-menu-books = Учёт
web-menu-settings = Настройки
web-crumbs = Путь к странице
web-account = Мой аккаунт
web-profile = Профиль
web-workspaces = Другое рабочее пространство
web-workspaces-own = Рабочие пространства
web-operator = Консоль оператора
web-banner-unconfirmed = Подтвердите адрес { $email }: откройте ссылку из нашего письма.
web-banner-send-again = Отправить ещё раз
web-banner-acting = Вы работаете от имени { $member } до { $until }. В журнале будут оба имени.
web-banner-acting-end = Закончить
web-suspended = Работа пространства «{ $workspace }» приостановлена оператором сервера. Причина: { $why }
web-sign-out = Выйти
web-language = Язык
web-theme = Светлая или тёмная тема
web-offline = Нет сети. Всё, что вы ввели, останется здесь.
web-loading = Загружается…
web-needs-script = Для этой страницы нужен JavaScript.

# Buttons and fields

web-save = Сохранить
web-cancel = Назад
web-confirm-no = Нет, оставить
web-close = Закрыть
web-actions = Действия
web-optional = необязательно
web-choose = Выберите
web-choose-file = Выберите файл или перетащите сюда
web-show-password = Показать пароль
web-som = сум

# Lists

web-list-empty = Пока ничего нет
web-list-nothing = Ничего не найдено
web-list-nothing-hint = Попробуйте написать иначе или снимите фильтры.
web-list-clear = Снять фильтры
web-list-order = Порядок
web-list-show = Показать
web-days = Дата
web-days-all = Все дни
web-days-today = Сегодня
web-days-week = Эта неделя
web-days-month = Этот месяц
web-days-last-month = Прошлый месяц
web-days-from = С этого дня
web-days-until = По этот день
web-days-reversed = Последний день стоит раньше первого.
web-period-too-long = Период должен лежать в 2000–2099 годах и быть не длиннее { $days } дней
web-chart-table = Таблица по дням
web-chart-day = День
web-share-of = { $part } из { $whole }
web-share-more = Ещё { $count }
web-pages = Страницы
web-previous = Назад
web-next = Вперёд
web-export = Скачать
web-export-csv = Файл CSV
web-export-xlsx = Файл Excel (XLSX)
web-export-too-long = В списке строк: { $count }, в один файл помещается не больше { $most }: сузьте список фильтром

# Lines of a document

web-line-product = Товар
web-line-search = Название, код или штрихкод
web-line-quantity = Количество
web-line-unit = Единица измерения
web-line-price = Цена
web-line-discount = Скидка, %
web-line-sum = Сумма
web-line-add = Добавить строку
web-line-remove = Убрать строку
web-lines-total = Итого

# Pages that say no

web-go-home = На главную
web-go-back = Назад
web-request-id = Номер запроса: { $id }
web-error-invalid-title = Неверный запрос
web-error-unauthenticated-title = Сначала войдите
web-error-forbidden-title = У вас нет доступа
web-error-not-found-title = Страница не найдена
web-error-conflict-title = Сейчас это невозможно
web-error-too-much-title = Слишком много запросов
web-error-busy-title = Сервер занят
web-error-internal-title = Ошибка на нашей стороне

# The script of every page

web-js-close = Закрыть
web-js-combobox-empty = Ничего не найдено
web-js-confirm-title = Вы уверены?
web-js-confirm-yes = Да
web-js-copied = Скопировано
web-js-copy-failed = Не удалось скопировать
web-js-failed = Не получилось. Попробуйте чуть позже.
web-js-network-lost = Сеть пропала. Данные на месте, отправьте ещё раз.
web-js-signed-out = Сеанс завершён. Войдите в другом окне и отправьте снова.

# The simulator

web-sim-bot = Бот
web-sim-buttons = Кнопки сообщения
web-sim-chat = Чат с ботом
web-sim-commands = Команды
web-sim-connecting = подключение…
web-sim-edited = изменено
web-sim-empty = Напишите /start, чтобы начать
web-sim-file = Файл
web-sim-keyboard = Клавиатура
web-sim-language = Язык пользователя
web-sim-location = Геопозиция
web-sim-log = Сообщения
web-sim-my-contact = Мой контакт
web-sim-new-person = Как новый человек
web-sim-no-variables = Переменных пока нет
web-sim-person = Кто пишет
web-sim-photo = Фото
web-sim-placeholder = Сообщение
web-sim-restart = Начать заново
web-sim-retry = Отправить снова
web-sim-send = Отправить
web-sim-session = Сессия
web-sim-share = Поделиться
web-sim-share-contact = Отправить контакт
web-sim-share-location = Отправить геопозицию
web-sim-step = Шаг
web-sim-typing = печатает…
web-sim-variables = Переменные
web-sim-you = Вы

# The page of the API

web-api-answers = Ответы
web-api-body = Тело запроса
web-api-copy = Копировать
web-api-key = Ключ API
web-api-key-help = Без ключа запросы уходят с вашими правами. Ключ хранится только в этой вкладке.
web-api-nothing = Такой операции нет
web-api-other = Прочее
web-api-reload = Загрузить снова
web-api-search = Путь, операция или раздел
web-api-send = Отправить

# Requests that are refused before anybody decides

web-api-title = API
web-method-not-allowed = Этот адрес не принимает такой запрос
web-request-malformed = Запрос составлен неверно
web-body-too-large = Отправлено слишком много данных
web-body-not-json = Запрос должен быть в формате JSON
web-body-malformed = JSON записан неверно
web-field-missing = Это поле обязательно
web-field-unknown = Такого поля нет
web-field-type = Неверный тип значения
web-form-not-ours = Форма отправлена не с нашей страницы. Обновите страницу и повторите
web-form-expired = Страница была открыта слишком долго. Обновите её и отправьте снова
web-form-again = Страница была открыта слишком долго, поэтому ничего не сохранено. Проверьте введённое и отправьте ещё раз
web-button-again = Страница была открыта слишком долго, поэтому ничего не сделано. Она загружена заново: повторите
web-idempotency-key-malformed = Неверный Idempotency-Key
web-idempotency-key-reused = Этот Idempotency-Key уже использован с другим запросом
web-idempotency-key-in-use = Такой же запрос выполняется сейчас, повторите чуть позже
